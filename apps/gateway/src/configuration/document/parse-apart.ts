import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import { ConfigError, type ConfigMistake, type Environment } from '@libs/config';

import type { ConfigurationDocument } from './configuration-document.js';
import { type ParsedConfiguration, parseConfiguration } from './read-configuration.js';

/** About 500 routes. What is smaller is read in less time than it takes to start a thread. */
const largeText = 64 * 1024;

const workerFile = new URL('./parse-worker.js', import.meta.url);

type Written = Pick<ConfigurationDocument, 'text' | 'place' | 'folder'>;

export interface ParseWork {
  readonly document: Written;
  readonly environment: Environment;
}

export type ParseResult =
  ParsedConfiguration | { readonly mistakes: readonly ConfigMistake[] } | { readonly failure: string };

/**
 * As `parseConfiguration`, but a large document is read in a thread of its own: thousands of routes take a second, in
 * which no request would be served.
 */
export async function parseApart(document: Written, environment: Environment): Promise<ParsedConfiguration> {
  // Unit tests run from the sources, where there is nothing that a thread could load.
  const isSmall = document.text.length < largeText || !existsSync(workerFile);
  if (isSmall) return parseConfiguration(document, environment);
  const { text, place, folder } = document;
  const workerData: ParseWork = { document: { text, place, folder }, environment };
  const worker = new Worker(workerFile, { workerData });
  try {
    const [result] = (await once(worker, 'message')) as [ParseResult];
    if ('configuration' in result) return result;
    if ('mistakes' in result) throw new ConfigError(result.mistakes);
    throw new Error(result.failure);
  } finally {
    await worker.terminate();
  }
}
