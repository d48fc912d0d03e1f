import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Injectable } from '@nestjs/common';

/** Who this is, for `/actuator/info` and the log. */
@Injectable()
export class AppInfo {
  readonly version = ownVersion();
  readonly startedAt = new Date();
  /** When this file was written, as all of the build was. */
  readonly builtAt = statSync(import.meta.filename).mtime;

  constructor(readonly name: string) {}
}

/** The version of Gatehouse. */
export const ownVersion = (): string => versionAbove(import.meta.dirname);

/** The version in the nearest package.json, from the sources and from the build alike. */
function versionAbove(folder: string): string {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  return dirname(folder) === folder ? 'unknown' : versionAbove(dirname(folder));
}
