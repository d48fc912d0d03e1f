import { join } from 'node:path';

/** A file of the build: of `dist`, or of the folder that `DIST` names where several builds stand side by side. */
export const built = (file: string): string => join(process.env['DIST'] ?? 'dist', file);
