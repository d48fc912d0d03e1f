import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { environmentWith } from '@libs/config';

const debianPackage: Readonly<Record<string, string>> = {
  wrk: 'wrk',
  nginx: 'nginx-light',
  haproxy: 'haproxy',
  'redis-server': 'redis-server',
};

/** Debian keeps servers in sbin, which is not on everybody's PATH. */
const folders = [...(environmentWith({})['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** Where a program is, if it is installed. */
export const findProgram = (name: string): string | undefined =>
  folders.filter(Boolean).map((folder) => join(folder, name)).find(isExecutable); // prettier-ignore

export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(missing([name]));
  return path;
}

export const missing = (names: readonly string[]): string =>
  `${names.join(', ')}: not installed. On Debian: apt-get install ${names.map((name) => debianPackage[name] ?? name).join(' ')}`;

/** The first number with dots in what a program says about its version. */
export function versionOf(name: string, flag: string): string {
  try {
    const said = execFileSync('/bin/sh', ['-c', '"$0" "$1" 2>&1 || true', requireProgram(name), flag]).toString();
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? 'of unknown version';
  } catch {
    return 'not installed';
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
