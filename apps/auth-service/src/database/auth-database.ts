import { auditTables } from '@libs/audit';
import { deletionLogTables } from '@libs/deletion-log';
import { mailEntities, MailTables1700000000500 } from '@libs/mail';

import { ApiKey } from '../api-keys/api-key.entity.js';
import { UsedChallenge } from '../challenges/used-challenge.entity.js';
import { Credential } from '../credentials/credential.entity.js';
import { PendingEmail } from '../email-addresses/pending-email.entity.js';
import { VerifiedEmail } from '../email-addresses/verified-email.entity.js';
import { MailToken } from '../mail-tokens/mail-token.entity.js';
import { Passkey } from '../passkeys/passkey.entity.js';
import { Registration } from '../registrations/registration.entity.js';
import { RecoveryCode } from '../second-factors/recovery-code.entity.js';
import { TotpFactor } from '../second-factors/totp-factor.entity.js';
import { SecurityEventRecord } from '../security-events/security-event.entity.js';
import { RefreshToken } from '../sessions/refresh-token.entity.js';
import { Session } from '../sessions/session.entity.js';
import { SigningKey } from '../signing-keys/signing-key.entity.js';
import { ApiKeyLife1700000005000 } from './migrations/api-key-life.js';
import { AuthTables1700000001000 } from './migrations/auth-tables.js';
import { EmailProofs1700000006000 } from './migrations/email-proofs.js';
import { InitialPasswords1700000009000 } from './migrations/initial-passwords.js';
import { LivingApiKeys1700000008000 } from './migrations/living-api-keys.js';
import { MailTokenTables1700000003000 } from './migrations/mail-token-tables.js';
import { RefreshTokenSuccessors1700000002000 } from './migrations/refresh-token-successors.js';
import { SecondFactorTables1700000004000 } from './migrations/second-factor-tables.js';
import { SecurityEvents1700000007000 } from './migrations/security-events.js';
import { SessionAuthentication1700000004100 } from './migrations/session-authentication.js';
import { WalkedSecurityEvents1700000010000 } from './migrations/walked-security-events.js';

/** The tables of this service, all in one schema of its own. Each belongs to the feature that its entity stands with. */
export const authDatabase = {
  service: 'auth',
  entities: [
    ...auditTables.entities,
    ...deletionLogTables.entities,
    ...mailEntities,
    Credential,
    Session,
    RefreshToken,
    SigningKey,
    ApiKey,
    Registration,
    MailToken,
    VerifiedEmail,
    PendingEmail,
    SecurityEventRecord,
    UsedChallenge,
    TotpFactor,
    RecoveryCode,
    Passkey,
  ],
  migrations: [
    ...auditTables.migrations,
    ...deletionLogTables.migrations,
    MailTables1700000000500,
    AuthTables1700000001000,
    RefreshTokenSuccessors1700000002000,
    MailTokenTables1700000003000,
    SecondFactorTables1700000004000,
    SessionAuthentication1700000004100,
    ApiKeyLife1700000005000,
    EmailProofs1700000006000,
    SecurityEvents1700000007000,
    LivingApiKeys1700000008000,
    InitialPasswords1700000009000,
    WalkedSecurityEvents1700000010000,
  ],
} as const;
