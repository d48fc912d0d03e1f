import type { EventBus } from '@libs/events';
import type { Names } from '@libs/names';

import type { IssuerConfig } from '../../../configuration/schema/authentication.schema.js';
import { ClientTls } from '../../../tls/client-tls.js';
import { fetchJsonOver } from './fetch-json.js';
import { FileKeys } from './file-keys.js';
import { JwksKeys } from './jwks-keys.js';
import type { KeySource } from './key-source.js';

/** An issuer whose tokens are taken, with its public keys. */
export interface TrustedIssuer {
  readonly config: IssuerConfig;
  readonly keys: KeySource;
}

export const trustIssuer = (config: IssuerConfig, bus: EventBus, names: Names): TrustedIssuer => ({
  config,
  keys: keysOf(config, bus, names),
});

function keysOf(config: IssuerConfig, bus: EventBus, names: Names): KeySource {
  const { publicKeyFile, jwksUrl, algorithms, tls } = config;
  if (publicKeyFile !== undefined) return new FileKeys(publicKeyFile);
  if (jwksUrl === undefined) throw new Error('An issuer needs either publicKeyFile or jwksUrl');

  const clientTls = new ClientTls(tls);
  const keys = new JwksKeys({ algorithms, fetch: () => fetchJsonOver(clientTls, jwksUrl, names.lookup) });
  keys.onClose(bus.subscribe(['signing-key.rotated'], () => void keys.refresh()));
  keys.onClose(bus.onGap(() => void keys.refresh()));
  return keys;
}
