import { z } from 'zod';

import { secret, serviceSettings, setting } from '@libs/config';
import { mailSettings } from '@libs/mail';

const lifetime = (byDefault: string, variable: string, description: string) =>
  setting.durationMs().prefault(byDefault).meta({ variable, description });

export const AuthSettings = z.object({
  ...serviceSettings({ http: 3001, grpc: 5001, management: 9091 }),
  ...mailSettings(),
  encryptionKey: setting.secretKey().describe('32 bytes that encrypt private signing keys and stored answers at rest'),
  issuer: setting.url('http', 'https').default('http://localhost:8080').describe('iss of access tokens'),
  audience: setting.text().default('gatehouse').describe('aud of access tokens'),
  accessTokenLifetimeMs: lifetime('10m', 'ACCESS_TOKEN_LIFETIME', 'how long an access token is good for'),
  refreshTokenLifetimeMs: lifetime('14d', 'REFRESH_TOKEN_LIFETIME', 'how long a session may lie idle'),
  sessionLifetimeMs: lifetime('60d', 'SESSION_LIFETIME', 'when to log in again, however busy the session is'),
  refreshGraceMs: lifetime(
    '30s',
    'REFRESH_GRACE',
    'how long a used refresh token is told its successor again; 0: never',
  ),
  signingAlgorithm: setting
    .choice(['RS256', 'ES256', 'EdDSA'])
    .default('RS256')
    .describe('of the next signing key; every gateway must accept it first, in algorithms of the issuer'),
  keySetMaxAgeMs: setting
    .durationMs()
    .refine((ms) => ms >= 1_000, 'must be a second at least')
    .prefault('5m')
    .meta({
      variable: 'KEY_SET_MAX_AGE',
      description:
        'how long a copy of the published keys may be kept; so much earlier is a key published than it signs',
    }),
  signingKeyLifetimeMs: lifetime(
    '90d',
    'SIGNING_KEY_LIFETIME',
    'how long a signing key signs before the next one does',
  ),
  accountUrl: setting
    .url('http', 'https')
    .exactOptional()
    .describe(
      'where your pages reset-password, verify-email and accept-invitation are; without it letters hold tokens alone',
    ),
  resetTokenLifetimeMs: setting
    .durationMs()
    .refine((ms) => ms <= 600_000, 'must be 10 minutes at most (ASVS 6.5.5)')
    .prefault('10m')
    .meta({
      variable: 'RESET_TOKEN_LIFETIME',
      description: 'how long the token that resets a password is good for; 10 minutes at most',
    }),
  verifyTokenLifetimeMs: lifetime(
    '24h',
    'VERIFY_TOKEN_LIFETIME',
    'how long the token that confirms an address is good for',
  ),
  invitationTokenLifetimeMs: lifetime(
    '7d',
    'INVITATION_TOKEN_LIFETIME',
    'how long the token that opens the account of an invited user is good for',
  ),
  freshAuthenticationMs: lifetime(
    '10m',
    'STEP_UP_AFTER',
    'how long after a login or a step-up a session may change the ways into its account',
  ),
  passkeyDomain: setting
    .text()
    .exactOptional()
    .describe('domain that passkeys are bound to; that of ISSUER unless set. Changed, all passkeys are void'),
  passkeyOrigins: setting
    .text()
    .transform((text) => text.split(','))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .exactOptional()
    .describe('origins of the pages that use passkeys, with commas between them; that of ISSUER unless set'),
  guessesPerAddress: setting
    .integer(1, 1_000_000)
    .default(100)
    .describe(
      'attempts at secrets of strangers from one address in 10 minutes; 3 times as many in an hour, 10 in a day',
    ),
  passwordMemoryKib: setting
    .integer(19_456, 1_048_576)
    .default(19_456)
    .describe('memory of one password hash (argon2id) in KiB; a changed cost reaches each password at its next login'),
  passwordPasses: setting.integer(2, 100).default(2).describe('passes of one password hash over its memory'),
  passwordConcurrency: setting
    .integer(1, 64)
    .exactOptional()
    .describe('password hashes at once, each in a thread: one less than the processors, at most 3, unless set'),
  passwordQueue: setting
    .integer(1, 100_000)
    .exactOptional()
    .describe('password hashes that may wait, and the next is 503: 24 for each that runs, about a second, unless set'),
  breachedPasswordsFile: setting
    .text()
    .exactOptional()
    .describe(
      'passwords of known breaches that nobody may choose: SHA-1 hashes in order, one in each line, as Have I Been Pwned gives them out; read at the start',
    ),
  adminPassword: secret(setting.text().min(8).max(128))
    .exactOptional()
    .describe('makes the user admin at the first start, with this password'),
  adminPasswordGenerated: setting
    .bool()
    .default(false)
    .describe('whether a program made ADMIN_PASSWORD: then it must be changed before anything else is done with it'),
  adminEmail: z.email().default('admin@gatehouse.local').describe('e-mail address of the user admin'),
});

export type AuthSettings = z.output<typeof AuthSettings>;

/** Injects the settings; each class names the few that it reads with `Pick<AuthSettings, …>`. */
export const AUTH_SETTINGS = Symbol('settings of auth-service');
