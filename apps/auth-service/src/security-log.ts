import { Injectable, Logger } from '@nestjs/common';

import { currentContextOrNone } from '@libs/trusted-headers';

/** What somebody who looks into an incident will ask for. A closed list: alerts hang on these words. */
export type SecurityEvent =
  | 'login.succeeded'
  | 'login.failed'
  | 'guessing.refused'
  | 'password.changed'
  | 'password.change-failed'
  | 'password.forgotten'
  | 'password.reset'
  | 'password.set'
  | 'password.imported'
  | 'password.rehashed'
  | 'mail-token.unknown'
  | 'email.verified'
  | 'step-up.succeeded'
  | 'step-up.failed'
  | 'totp.added'
  | 'totp.removed'
  | 'recovery-codes.made'
  | 'passkey.added'
  | 'passkey.removed'
  | 'passkey.refused'
  | 'session.ended'
  | 'refresh-token.unknown'
  | 'api-key.created'
  | 'api-key.changed'
  | 'api-key.rotated'
  | 'api-key.revoked'
  | 'api-key.unknown'
  | 'signing-key.rotated';

/** Ids and addresses, never a secret and never what somebody typed as a name: people type passwords there. */
export interface SecurityFacts {
  readonly user_id?: string;
  readonly session_id?: string;
  readonly client_address?: string;
  readonly subject?: string;
  readonly reason?: string;
  readonly count?: number;
}

/** One structured line for each event that matters for security, whatever the level of its consequences. */
@Injectable()
export class SecurityLog {
  private readonly logger = new Logger(SecurityLog.name);

  note(event: SecurityEvent, facts: SecurityFacts): void {
    const actor = currentContextOrNone()?.identity;
    this.logger.log({
      msg: 'security',
      event,
      actor_id: actor?.userId ?? '',
      actor_method: actor?.authMethod ?? 'none',
      ...facts,
    });
  }
}
