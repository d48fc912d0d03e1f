import type { SealedHeader } from './header-names.js';
import type { Identity } from './identity.js';
import { toHeaderList, toHeaderText } from './identity-headers.js';
import { sealMac } from './seal-mac.js';
import { signatureBase, signatureParams } from './signature-base.js';

export interface SealInput {
  readonly identity: Identity;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Named in the signature as `keyid`, for whoever reads a capture; the key alone decides where the seal opens. */
  readonly audience?: string;
  /** From `deriveSealKey`, for the service that is called. */
  readonly key: Buffer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** All identity headers and an HTTP message signature over them (RFC 9421, `hmac-sha256`), valid for 60 seconds. */
export function sealIdentity(input: SealInput): Record<string, string> {
  const { identity } = input;
  const headers: Record<SealedHeader, string> & Record<string, string> = {
    'x-user-id': toHeaderText(identity.userId),
    'x-user-name': toHeaderText(identity.userName),
    'x-active': identity.active ? 'true' : 'false',
    'x-roles': toHeaderList(identity.roles),
    'x-scopes': toHeaderList(identity.scopes),
    'x-tenant-id': toHeaderText(identity.tenantId),
    'x-session-id': toHeaderText(identity.sessionId),
    'x-auth-method': identity.authMethod,
    'x-api-key-id': toHeaderText(identity.apiKeyId),
    'x-request-id': toHeaderText(input.requestId),
    'x-trace-id': toHeaderText(input.traceId),
  };
  const params = signatureParams(Math.floor(input.now / 1000), input.audience ?? '');
  const base = signatureBase(input.method, input.path, headers, params);

  headers['signature-input'] = `gatehouse=${params}`;
  headers['signature'] = `gatehouse=:${sealMac(input.key, base).digest('base64')}:`;
  return headers;
}
