import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';

import { Logger } from '@nestjs/common';

import { shownCertificate, trustedAuthorities, type UsedCertificate, useCertificates } from './used-certificates.js';

/** Looked at, not listened to: mounted secrets are swapped by links, which tell of nothing. */
const lookEveryMs = 1_000;

export interface CertificateFiles {
  /** PEM: the authorities that sign the certificates of all services. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateMaterial {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Who this process is to the others, and whom it believes. Follows its files: a new certificate needs no restart. */
export class OwnCertificate {
  private readonly logger = new Logger('Certificate');
  private readonly listeners = new Set<() => void>();
  private material: CertificateMaterial;
  private context: SecureContext;
  private readonly use = useCertificates();

  /** Throws when the files cannot be read or do not fit together. */
  constructor(private readonly files: CertificateFiles) {
    this.material = read(files);
    this.context = createSecureContext(this.material);
    this.use.certificates = this.used();
    for (const file of Object.values(files)) watchFile(file, { interval: lookEveryMs, persistent: false }, this.renew);
  }

  get current(): CertificateMaterial {
    return this.material;
  }

  get secureContext(): SecureContext {
    return this.context;
  }

  /** Returns how to stop listening. */
  onRenewal(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    for (const file of Object.values(this.files)) unwatchFile(file, this.renew);
    this.listeners.clear();
    this.use.certificates = [];
  }

  private used(): UsedCertificate[] {
    const { ca, cert } = this.material;
    return [
      { ...shownCertificate(this.files.certFile, cert, ca), isOwn: true },
      { ...trustedAuthorities(this.files.caFile, ca), isOwn: true },
    ];
  }

  /** The files change one after the other: until they fit together, the old ones go on. */
  private readonly renew = (): void => {
    try {
      const material = read(this.files);
      if (isSame(material, this.material)) return;
      this.context = createSecureContext(material);
      this.material = material;
      this.use.certificates = this.used();
      this.logger.log({ msg: 'the certificate was renewed', file: this.files.certFile });
    } catch (error) {
      this.logger.warn({ msg: 'the new certificate cannot be used yet', file: this.files.certFile, err: error });
      return;
    }
    for (const listener of this.listeners) listener();
  };
}

const read = ({ caFile, certFile, keyFile }: CertificateFiles): CertificateMaterial => ({
  ca: readFileSync(caFile),
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
});

const isSame = (a: CertificateMaterial, b: CertificateMaterial): boolean =>
  a.ca.equals(b.ca) && a.cert.equals(b.cert) && a.key.equals(b.key);
