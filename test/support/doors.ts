import { TestAuthority } from '@libs/testing';

import { GatewayProcess, type WrittenConfiguration } from './gateway-process.js';
import { isOverTls, type Protocol } from './promiser.js';

/** The same configuration behind a plain port and behind TLS. */
export class Doors {
  private constructor(
    private readonly authority: TestAuthority,
    readonly plain: GatewayProcess,
    readonly secure: GatewayProcess,
  ) {}

  static async open(configuration: WrittenConfiguration): Promise<Doors> {
    const authority = await TestAuthority.create();
    const { tlsCertFile: certFile, tlsKeyFile: keyFile } = await authority.certify('gateway');
    const plain = await GatewayProcess.start(configuration);
    const secure = await GatewayProcess.start({ ...configuration, listen: { tls: { certFile, keyFile } } });
    return new Doors(authority, plain, secure);
  }

  to(protocol: Protocol): GatewayProcess {
    return isOverTls(protocol) ? this.secure : this.plain;
  }

  async close(): Promise<void> {
    await Promise.all([this.plain.dispose(), this.secure.dispose()]);
    this.authority.remove();
  }
}
