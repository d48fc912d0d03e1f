import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Authority, issueCertificate, makeAuthority } from '@libs/certificates';
import { identityUri, OwnCertificate } from '@libs/mutual-tls';

const hourMs = 3_600_000;

export interface CertificateFolder {
  readonly tlsCaFile: string;
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
}

/** An authority of a test's own, with a folder of certificates for each who needs one. */
export class TestAuthority {
  private readonly root = mkdtempSync(join(tmpdir(), 'gatehouse-certificates-'));
  private readonly owned: OwnCertificate[] = [];

  private constructor(readonly authority: Authority) {}

  static async create(): Promise<TestAuthority> {
    return new TestAuthority(await makeAuthority('Gatehouse test', { now: Date.now(), lifetimeMs: hourMs }));
  }

  /** Writes a certificate, or a new one over it. `trusting`: whose certificates its owner takes, if not ours. */
  async certify(name: string, { trusting = this.authority, uri = identityUri(name), lifetimeMs = hourMs } = {}) {
    const issued = await issueCertificate(this.authority, { name, uri, now: Date.now(), lifetimeMs });
    const folder = join(this.root, name);
    mkdirSync(folder, { recursive: true });
    const write = (file: string, text: string): string => {
      writeFileSync(join(folder, file), text);
      return join(folder, file);
    };
    return {
      tlsCaFile: write('ca.crt', trusting.certificate),
      tlsCertFile: write('tls.crt', issued.certificate),
      tlsKeyFile: write('tls.key', issued.privateKey),
    } satisfies CertificateFolder;
  }

  /** As a process has it. */
  async own(...request: Parameters<TestAuthority['certify']>): Promise<OwnCertificate> {
    const { tlsCaFile: caFile, tlsCertFile: certFile, tlsKeyFile: keyFile } = await this.certify(...request);
    const own = new OwnCertificate({ caFile, certFile, keyFile });
    this.owned.push(own);
    return own;
  }

  remove(): void {
    for (const own of this.owned) own.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
