import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';

import { Logger } from '@nestjs/common';

import { shownCertificate, trustedAuthorities, useCertificates } from '@libs/mutual-tls';

import type { ClientTlsConfig } from '../configuration/schema/client-tls.schema.js';

/** How often the files are looked at for a change, at most. */
const lookEveryMs = 1_000;

/** What the gateway shows to instances, and whom it trusts. The files are read again when they have changed. */
export class ClientTls {
  private context: SecureContext | undefined = undefined;
  private stamp = '';
  private lookedAt = -Infinity;
  private readonly use = useCertificates(() => this.lookAgain());

  constructor(
    private readonly config: ClientTlsConfig | undefined,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  options(host: string): ConnectionOptions {
    const name = this.config?.serverName ?? host;
    return {
      ...(this.config === undefined ? {} : { secureContext: this.currentContext(this.config) }),
      // RFC 6066 §3: an address is no server name.
      ...(isIP(name) === 0 ? { servername: name } : {}),
    };
  }

  /** An instance that nobody calls is not dialled, and its files change all the same. */
  private lookAgain(): void {
    try {
      if (this.config !== undefined) this.currentContext(this.config);
    } catch {
      // Whoever dials is told.
    }
  }

  private currentContext(config: ClientTlsConfig): SecureContext {
    const now = this.clock();
    if (this.context !== undefined && now - this.lookedAt < lookEveryMs) return this.context;
    this.lookedAt = now;
    try {
      this.context = this.readAgain(config);
    } catch (error) {
      // The files change one after the other: until they fit together, the old ones go on.
      if (this.context === undefined) throw error;
      new Logger('Certificate').warn({
        msg: 'the new certificate cannot be used yet',
        file: config.certFile,
        err: error,
      });
    }
    return this.context;
  }

  private readAgain({ caFile, certFile, keyFile }: ClientTlsConfig): SecureContext {
    const files = [caFile, certFile, keyFile].filter((file) => file !== undefined);
    const stamp = files.map((file) => statSync(file).mtimeMs).join(' ');
    if (this.context !== undefined && stamp === this.stamp) return this.context;
    const [ca, cert] = [read(caFile), read(certFile)];
    const context = createSecureContext({ ca, cert, key: read(keyFile) });
    this.use.certificates = [
      ...(caFile === undefined || ca === undefined ? [] : [trustedAuthorities(caFile, ca)]),
      ...(certFile === undefined || cert === undefined ? [] : [shownCertificate(certFile, cert, ca)]),
    ];
    this.stamp = stamp;
    return context;
  }
}

const read = (file: string | undefined): Buffer | undefined => (file === undefined ? undefined : readFileSync(file));
