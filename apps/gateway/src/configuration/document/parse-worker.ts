import { parentPort, workerData } from 'node:worker_threads';

import { ConfigError } from '@libs/config';

import type { ParseResult, ParseWork } from './parse-apart.js';
import { parseConfiguration } from './read-configuration.js';

function parse({ document, environment }: ParseWork): ParseResult {
  try {
    return parseConfiguration(document, environment);
  } catch (error) {
    if (error instanceof ConfigError) return { mistakes: error.mistakes };
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort?.postMessage(parse(workerData as ParseWork));
