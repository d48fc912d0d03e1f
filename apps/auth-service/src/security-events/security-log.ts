import { setTimeout as wait } from 'node:timers/promises';

import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';

import { Audit, type AuditedAct } from '@libs/audit';
import { Database } from '@libs/persistence';
import { currentContextOrNone } from '@libs/trusted-headers';

import { isShownToOwner } from './owner-events.js';
import { SecurityEventStore } from './security-event.store.js';

/** What somebody who looks into an incident will ask for. A closed list: alerts hang on these words. */
export type SecurityEvent =
  | 'account.registered'
  | 'invitation.sent'
  | 'invitation.accepted'
  | 'login.succeeded'
  | 'login.failed'
  | 'guessing.refused'
  | 'password.changed'
  | 'password.change-failed'
  | 'password.forgotten'
  | 'password.reset'
  | 'password.reset-sent'
  | 'password.set'
  | 'password.imported'
  | 'password.rehashed'
  | 'mail-token.unknown'
  | 'email.verified'
  | 'email.change-asked'
  | 'step-up.succeeded'
  | 'step-up.failed'
  | 'totp.added'
  | 'totp.removed'
  | 'recovery-codes.made'
  | 'second-factors.removed'
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

const writeRefusalsAfterMs = 200;

/** What was not allowed, by the last part of its name; everything else was done. */
const refusals = /[.-](failed|refused|unknown|rejected)$/;

/**
 * What matters for security, whatever the level of its consequences: an event of the audit trail, and one structured line
 * for whoever watches. What was done belongs into the transaction that does it; the line is written after its commit.
 */
@Injectable()
export class SecurityLog implements BeforeApplicationShutdown {
  private readonly logger = new Logger(SecurityLog.name);
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly owners: SecurityEventStore,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.writing);
  }

  /** `tenantId` names the tenant whose history it belongs to: that of a session or a key. An account belongs to none. */
  async note(event: SecurityEvent, facts: SecurityFacts, tenantId = ''): Promise<void> {
    const act = actOf(event, facts, tenantId);
    const line = lineOf(event, facts);
    if (refusals.test(event)) {
      this.logger.log(line);
      await Promise.all([
        this.audit.refused({ ...act, reason: facts.reason ?? event }),
        this.keepRefused(event, facts),
      ]);
      return;
    }
    await this.database.transaction(async () => {
      await this.audit.record(act);
      await this.keep(event, facts);
      this.database.afterCommit(() => this.logger.log(line));
    });
  }

  /** For the owner to see: addresses of operators and services are not theirs to know. */
  private async keep(event: SecurityEvent, facts: SecurityFacts, context = currentContextOrNone()): Promise<void> {
    const { user_id: userId = '', session_id: sessionId, subject = sessionId ?? '', reason = '' } = facts;
    if (userId === '' || !isShownToOwner(event)) return;
    const { clientAddress: here = '', identity } = context ?? {};
    const clientAddress = facts.client_address ?? (identity?.userId === userId ? here : '');
    await this.owners.add({ userId, event, subject, clientAddress, reason });
  }

  /**
   * A refusal ends the transaction that it happens in, and stands even if it cannot be written down. It is written when
   * the answer is long on its way: the time of that one must not tell whether there is somebody to show it to.
   */
  private keepRefused(event: SecurityEvent, facts: SecurityFacts): void {
    const context = currentContextOrNone();
    const write = async (): Promise<void> => {
      await wait(writeRefusalsAfterMs);
      await this.database.apart(() => this.keep(event, facts, context));
    };
    const writing = write().catch((error: unknown) => {
      this.logger.error({ msg: 'a refusal cannot be shown to its owner', err: error });
    });
    this.writing.add(writing);
    void writing.finally(() => this.writing.delete(writing));
  }
}

const actOf = (event: SecurityEvent, facts: SecurityFacts, tenantId: string): AuditedAct => {
  const { user_id: userId, session_id: sessionId, client_address: clientAddress, subject, reason, count } = facts;
  return {
    action: event,
    target: subject ?? sessionId ?? userId ?? '',
    tenantId,
    ...(event === 'login.succeeded' ? { actorId: userId ?? '', sessionId: sessionId ?? '' } : {}),
    ...(clientAddress === undefined ? {} : { clientAddress }),
    details: {
      ...(userId === undefined ? {} : { userId }),
      ...(reason === undefined ? {} : { reason }),
      ...(count === undefined ? {} : { count }),
    },
  };
};

const lineOf = (event: SecurityEvent, facts: SecurityFacts): object => {
  const actor = currentContextOrNone()?.identity;
  return {
    msg: 'security',
    event,
    actor_id: actor?.userId ?? '',
    actor_method: actor?.authMethod ?? 'none',
    ...facts,
  };
};
