import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Injectable } from '@nestjs/common';

/** Who this is, for `/actuator/info` and the log. */
@Injectable()
export class AppInfo {
  readonly version = ownVersion();
  readonly startedAt = new Date();

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
