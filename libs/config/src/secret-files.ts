import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const folderOf = (dataDir: string): string => join(dataDir, 'secrets');

/** 32 random bytes in base64url, as `setting.secretKey()` reads them. */
export const randomKey = (): string => randomBytes(32).toString('base64url');

/**
 * Secrets that are made at the first start and kept: one file each in `<dataDir>/secrets`, readable by
 * the owner only. Processes that start together agree: the first to put its file in place wins.
 */
export function loadOrCreateSecrets<Name extends string>(
  dataDir: string,
  names: Readonly<Record<Name, () => string>>,
): Record<Name, string> {
  mkdirSync(folderOf(dataDir), { recursive: true, mode: 0o700 });
  const makers = Object.entries<() => string>(names);
  const secrets = makers.map(([name, make]) => [name, readSecret(dataDir, name) ?? create(dataDir, name, make())]);
  return Object.fromEntries(secrets) as Record<Name, string>;
}

/** A secret that was made before, or undefined. */
export function readSecret(dataDir: string, name: string): string | undefined {
  const file = join(folderOf(dataDir), name);
  try {
    const value = readFileSync(file, 'utf8').trim();
    if (value === '')
      throw new Error(`the secret in ${file} is empty: restore it, or delete the file to make a new one`);
    return value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function create(dataDir: string, name: string, value: string): string {
  const file = join(folderOf(dataDir), name);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeDurably(draft, value);
  try {
    // A hard link, unlike a rename, fails when another process was first.
    linkSync(draft, file);
    syncFolder(folderOf(dataDir));
    return value;
  } catch (error) {
    const winner = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readSecret(dataDir, name) : undefined;
    if (winner === undefined) throw error;
    return winner;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDurably(file: string, value: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, `${value}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
