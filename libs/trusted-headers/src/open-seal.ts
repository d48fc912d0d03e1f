import { timingSafeEqual } from 'node:crypto';

import { Refusal } from '@libs/errors';

import { aliasOf, sealedHeaders, type SealedHeader } from './header-names.js';
import type { Identity } from './identity.js';
import { fromHeaderText, identityFrom } from './identity-headers.js';
import { sealMac } from './seal-mac.js';
import { sealLifetimeSeconds, signatureBase, signatureParams } from './signature-base.js';

export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface OpenInput {
  readonly headers: IncomingHeaders;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly key: Buffer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface OpenedSeal {
  readonly identity: Identity;
  readonly requestId: string;
  readonly traceId: string;
}

const clockSkewSeconds = 5;
const guarded = new Set<string>([...sealedHeaders, 'signature', 'signature-input']);
const otherwiseSpelled = /[^a-z0-9-]/;
const signatureInput = /^gatehouse=\([^)]*\);created=(\d{1,12});expires=\d{1,12};keyid="([a-z0-9-]{0,64})";/;
const signatureValue = /^gatehouse=:([A-Za-z0-9+/]{43}=):$/;

const refuse = (internal: string): Refusal => new Refusal('IDENTITY_SEAL_INVALID', { internal });

/** Gives back what was sealed for this very method, path and service, or throws IDENTITY_SEAL_INVALID. */
export function openSeal({ headers, method, path, key, now }: OpenInput): OpenedSeal {
  refuseAliases(headers);

  const input = signatureInput.exec(single(headers, 'signature-input'));
  const value = signatureValue.exec(single(headers, 'signature'));
  if (input === null || value === null) throw refuse('the signature is not one of Gatehouse');

  const created = Number(input[1]);
  const params = signatureParams(created, input[2] ?? '');
  if (input.input !== `gatehouse=${params}`) throw refuse('the signature covers something else');
  const sealed = {} as Record<SealedHeader, string>;
  for (const name of sealedHeaders) sealed[name] = single(headers, name);
  const expected = sealMac(key, signatureBase(method, path, sealed, params)).digest();
  if (!timingSafeEqual(expected, Buffer.from(value[1] ?? '', 'base64'))) throw refuse('the signature does not fit');

  const nowSeconds = now / 1000;
  if (nowSeconds > created + sealLifetimeSeconds + clockSkewSeconds) throw refuse('the seal has expired');
  if (nowSeconds < created - clockSkewSeconds) throw refuse('the seal is from the future');

  return {
    identity: identityFrom((name) => sealed[name as SealedHeader]),
    requestId: fromHeaderText(sealed['x-request-id']),
    traceId: fromHeaderText(sealed['x-trace-id']),
  };
}

function single(headers: IncomingHeaders, name: string): string {
  const value = headers[name];
  if (typeof value === 'string') return value;
  throw refuse(value === undefined ? `${name} is missing` : `${name} was sent more than once`);
}

/** A second spelling beside the sealed one is an attempt to be read by somebody less careful. */
function refuseAliases(headers: IncomingHeaders): void {
  for (const name in headers) {
    if (otherwiseSpelled.test(name) && guarded.has(aliasOf(name)))
      throw refuse(`an alias of ${aliasOf(name)} was sent`);
  }
}
