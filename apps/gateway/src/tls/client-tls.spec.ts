import { readFileSync, writeFileSync } from 'node:fs';

import { TestAuthority } from '@libs/testing';

import { ClientTls } from './client-tls.js';

describe('ClientTls', () => {
  let authority: TestAuthority;
  beforeAll(async () => void (authority = await TestAuthority.create()));
  afterAll(() => authority.remove());

  const settings = async () => {
    const { tlsCaFile: caFile, tlsCertFile: certFile, tlsKeyFile: keyFile } = await authority.certify('gateway');
    return { caFile, certFile, keyFile };
  };

  it('goes on with what it has while the files do not fit together, and takes what fits', async () => {
    const files = await settings();
    let now = 0;
    const tls = new ClientTls(files, () => now);
    const first = tls.options('a').secureContext;

    const key = readFileSync(files.keyFile);
    await settings();
    const [cert, nextKey] = [readFileSync(files.certFile), readFileSync(files.keyFile)];
    writeFileSync(files.keyFile, key);
    now += 2_000;
    expect(tls.options('a').secureContext).toBe(first);

    writeFileSync(files.keyFile, nextKey);
    writeFileSync(files.certFile, cert);
    now += 2_000;
    expect(tls.options('a').secureContext).not.toBe(first);
  });

  it('cannot begin without them', () => {
    expect(() => new ClientTls({ certFile: '/none', keyFile: '/none' } as never).options('a')).toThrow('ENOENT');
  });
});
