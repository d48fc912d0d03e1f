import { readFileSync } from 'node:fs';

import { withPipeline } from './pipeline.js';

const architecture = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');

describe('the pipeline in ARCHITECTURE.md', () => {
  it('is the one that runs (npm run generate:docs)', () => {
    expect(withPipeline(architecture)).toBe(architecture);
  });

  it('has its place in the document', () => {
    expect(() => withPipeline('# Nothing\n')).toThrow('no place');
  });
});
