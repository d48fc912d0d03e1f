import type { IssuerConfig } from '../../../configuration/schema/authentication.schema.js';
import { expired, rejected } from '../credentials/challenge.js';
import type { CompactJws, JsonObject } from './compact-jws.js';
import type { TokenClock } from './token-clock.js';
import type { VerifiedToken } from './verified-token.js';

/** Headers with which a token would tell by itself how to verify it. Keys come from the configuration. */
const ownKeys = ['jku', 'jwk', 'x5u', 'x5c'];

/**
 * Checks all that a token says of itself, before its key is looked for: a token that could not be good whatever its
 * signature makes nobody look up, fetch or compute anything.
 */
export function checkToken({ header, claims }: CompactJws, issuer: IssuerConfig, clock: TokenClock): void {
  checkHeader(header, issuer);
  if (claims['iss'] !== issuer.issuer) throw rejected('iss is another issuer');
  if (!isFor(issuer.audience, claims['aud'])) throw rejected('aud is another audience');
  checkTimes(claims, clock, issuer.clockTolerance);
}

/** For the end, when there is nothing else to say about it. */
export function checkExpiry({ expiresAt }: VerifiedToken, clock: TokenClock): void {
  if (clock.latest() < expiresAt) return;
  clock.refuseIfOff();
  throw expired();
}

function checkHeader({ typ, alg, crit, kid, ...rest }: JsonObject, { algorithms, types }: IssuerConfig): void {
  if (!types.some((type) => isOfType(type, typ))) throw rejected('typ is another type');
  if (!algorithms.some((algorithm) => algorithm === alg)) throw rejected('alg is not one of the issuer');
  // RFC 7515 §4.1.11: an extension that is critical and not understood makes the token invalid.
  if (crit !== undefined) throw rejected('crit is not understood');
  if (kid !== undefined && typeof kid !== 'string') throw rejected('kid is no text');
  if (ownKeys.some((name) => name in rest)) throw rejected('the token brings a key of its own');
}

/** RFC 7515 §4.1.9: a media type, in any case, and `application/` may be left out; so may all of it. */
const isOfType = (type: IssuerConfig['types'][number], typ: unknown): boolean =>
  type === 'absent'
    ? typ === undefined
    : typeof typ === 'string' && typ.toLowerCase().replace(/^application\//, '') === type.toLowerCase();

/** RFC 7519 §4.1.3: one audience, or a list with one of ours among them. */
function isFor(audience: IssuerConfig['audience'], aud: unknown): boolean {
  if (audience === 'any') return true;
  const ours = typeof audience === 'string' ? [audience] : audience;
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return named.every((one) => typeof one === 'string') && ours.some((one) => named.includes(one));
}

function checkTimes({ exp, nbf, iat }: JsonObject, clock: TokenClock, tolerance: number): void {
  const validFrom = readTime('nbf', nbf);
  readTime('iat', iat);
  if (readTime('exp', exp) === undefined) throw rejected('exp is missing');
  if (validFrom === undefined || validFrom - tolerance <= clock.earliest()) return;
  clock.refuseIfOff();
  throw rejected('the token is not valid yet');
}

/** NumericDate of RFC 7519, in milliseconds. */
function readTime(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  // JSON may hold 1e999, which is read as Infinity.
  if (typeof value !== 'number' || !Number.isFinite(value)) throw rejected(`${name} is no number`);
  return value * 1_000;
}
