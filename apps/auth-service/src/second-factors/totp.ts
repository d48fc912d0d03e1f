import { Secret, TOTP } from 'otpauth';

const issuer = 'Gatehouse';
/** What every authenticator app understands (RFC 6238). */
const shape = { issuer, algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Clocks differ, and people type slowly (RFC 6238 §5.2). */
const stepsOfDrift = 1;
const secretBytes = 20;

export const newTotpSecret = (): string => new Secret({ size: secretBytes }).base32;

/** What an app reads out of a QR code. */
export const totpUri = (secret: string, label: string): string =>
  new TOTP({ ...shape, label, secret: Secret.fromBase32(secret) }).toString();

/** The time step that the code is of; undefined for a wrong one. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const totp = new TOTP({ ...shape, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: stepsOfDrift });
  return delta === null ? undefined : totp.counter({ timestamp: now.getTime() }) + delta;
}
