import { randomBytes } from 'node:crypto';

import { deriveSealKey, type Identity, sealIdentity } from '@libs/trusted-headers';

/** A user who may enter, except for what the test says otherwise. */
export const anIdentity = (overrides: Partial<Identity> = {}): Identity => ({
  userId: 'user-alice',
  userName: 'alice',
  active: true,
  roles: ['owner'],
  scopes: [],
  tenantId: 'tenant-acme',
  sessionId: 'session-1',
  authMethod: 'jwt',
  apiKeyId: '',
  ...overrides,
});

/** A master key that no other run knows. */
export const aSealKey = (): Buffer => randomBytes(32);

export interface SealedRequest {
  readonly audience: string;
  readonly sealKey: Buffer;
  readonly method: string;
  readonly path: string;
  readonly identity?: Identity;
  /** Milliseconds since 1970. */
  readonly now?: number;
}

/** The headers with which the gateway would pass this request on to `audience`. */
export const sealedHeaders = (request: SealedRequest): Record<string, string> =>
  sealIdentity({
    identity: request.identity ?? anIdentity(),
    method: request.method,
    path: request.path,
    requestId: 'request-1',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    audience: request.audience,
    key: deriveSealKey(request.sealKey, request.audience),
    now: request.now ?? Date.now(),
  });
