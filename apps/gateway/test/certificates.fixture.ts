import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];

/** A certificate authority of one's own, in a folder of its own. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'gateway-certificates-'));
  readonly caFile = join(this.folder, 'ca.pem');

  constructor() {
    this.openssl('req', '-x509', ...ellipticKey, '-subj', '/CN=test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  }

  get ca(): Buffer {
    return readFileSync(this.caFile);
  }

  /** For a name, and for this machine unless told otherwise. */
  certify(name: string, subjectAltName = 'IP:127.0.0.1,DNS:localhost'): Certificate {
    this.openssl('req', ...ellipticKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(join(this.folder, 'names'), `subjectAltName=${subjectAltName}`);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'names'];
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`);
    const certFile = join(this.folder, `${name}.pem`);
    const keyFile = join(this.folder, `${name}.key`);
    return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private openssl(...options: string[]): void {
    execFileSync('openssl', options, { cwd: this.folder, stdio: 'pipe' });
  }
}
