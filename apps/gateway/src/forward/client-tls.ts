import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';

import type { ServiceTlsConfig } from '../configuration/forwarding.schema.js';

/** How often the files are looked at for a change, at most. */
const lookEveryMs = 5_000;

/** What the gateway shows to instances, and whom it trusts. The files are read again when they have changed. */
export class ClientTls {
  private context: SecureContext | undefined = undefined;
  private stamp = '';
  private lookedAt = -Infinity;

  constructor(private readonly config: ServiceTlsConfig | undefined) {}

  options(host: string): ConnectionOptions {
    const name = this.config?.serverName ?? host;
    return {
      ...(this.config === undefined ? {} : { secureContext: this.currentContext(this.config) }),
      // RFC 6066 §3: an address is no server name.
      ...(isIP(name) === 0 ? { servername: name } : {}),
    };
  }

  private currentContext(config: ServiceTlsConfig): SecureContext {
    const now = performance.now();
    if (this.context !== undefined && now - this.lookedAt < lookEveryMs) return this.context;
    this.lookedAt = now;
    const { caFile, certFile, keyFile } = config;
    const files = [caFile, certFile, keyFile].filter((file) => file !== undefined);
    const stamp = files.map((file) => statSync(file).mtimeMs).join(' ');
    if (this.context === undefined || stamp !== this.stamp) {
      this.context = createSecureContext({ ca: read(caFile), cert: read(certFile), key: read(keyFile) });
      this.stamp = stamp;
    }
    return this.context;
  }
}

const read = (file: string | undefined): Buffer | undefined => (file === undefined ? undefined : readFileSync(file));
