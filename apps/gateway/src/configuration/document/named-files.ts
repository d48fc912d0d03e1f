import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import type { ReportMistake } from '@libs/config';

import { isMarked, mapLeaves } from './schema-tree.js';

/**
 * Makes the names of files in a configuration absolute: they are relative to the folder of the configuration, wherever
 * the gateway was started. With `report`, a file that is not there is a mistake: better now than at the first request.
 */
export const resolveFiles = (configuration: unknown, folder: string, report?: ReportMistake): unknown =>
  mapLeaves(configuration, (leaf, node, path) => {
    if (typeof leaf !== 'string' || leaf === '' || !isMarked(node, 'file')) return leaf;
    const file = resolve(folder, leaf);
    if (report !== undefined && !existsSync(file)) report(path, 'there is no such file');
    return file;
  });
