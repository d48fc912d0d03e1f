import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadOrCreateSecrets, randomKey, readSecret } from './secret-files.js';

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'secrets-'))));
afterEach(() => rmSync(dataDir, { recursive: true }));

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('loadOrCreateSecrets', () => {
  it('makes each secret once and keeps it', () => {
    const names = { 'seal-key': randomKey, 'encryption-key': randomKey };
    const first = loadOrCreateSecrets(dataDir, names);
    expect(Buffer.from(first['seal-key'], 'base64url')).toHaveLength(32);
    expect(first['seal-key']).not.toBe(first['encryption-key']);
    expect(loadOrCreateSecrets(dataDir, names)).toEqual(first);
  });

  it('lets only the owner read them, and leaves no drafts behind', () => {
    loadOrCreateSecrets(dataDir, { 'seal-key': randomKey });
    expect(readdirSync(join(dataDir, 'secrets'))).toEqual(['seal-key']);
    expect(mode(join(dataDir, 'secrets'))).toBe('700');
    expect(mode(join(dataDir, 'secrets', 'seal-key'))).toBe('600');
  });

  it('takes the secret of whoever was first when two processes start together', () => {
    const secrets = loadOrCreateSecrets(dataDir, {
      'seal-key': () => {
        writeFileSync(join(dataDir, 'secrets', 'seal-key'), 'of the other process');
        return 'ours';
      },
    });
    expect(secrets).toEqual({ 'seal-key': 'of the other process' });
    expect(readFileSync(join(dataDir, 'secrets', 'seal-key'), 'utf8')).toBe('of the other process');
  });

  it('does not make a new secret where an empty file shows that one was lost', () => {
    loadOrCreateSecrets(dataDir, { 'seal-key': randomKey });
    writeFileSync(join(dataDir, 'secrets', 'seal-key'), '');
    expect(() => loadOrCreateSecrets(dataDir, { 'seal-key': randomKey })).toThrow('is empty');
  });
});

describe('readSecret', () => {
  it('is undefined before the secret was made', () => {
    expect(readSecret(dataDir, 'seal-key')).toBeUndefined();
  });
});
