import { pipeline } from '../../apps/gateway/src/pipeline.js';

const start = '<!-- the pipeline: npm run generate:docs -->\n';
const end = '<!-- the end of the pipeline -->';

/** The stages of the gateway as a table. */
const pipelineTable = (): string =>
  ['| # | stage | does | refuses with |', '|---|---|---|---|']
    .concat(
      pipeline.map(({ stage, does, refuses }, index) => `| ${index + 1} | ${stage} | ${does} | ${refuses.join(' ')} |`),
    )
    .map((line) => `${line}\n`)
    .join('');

/** A document with the table of today between its marks. */
export function withPipeline(document: string): string {
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from === -1 || to < from) throw new Error('The document has no place for the pipeline');
  return `${document.slice(0, from)}${start}\n${pipelineTable()}\n${document.slice(to)}`;
}
