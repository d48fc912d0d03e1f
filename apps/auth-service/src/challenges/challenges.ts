import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import { LessThan } from 'typeorm';
import { z } from 'zod';

import { Database, isUniqueViolation, newId, deleteInPieces } from '@libs/persistence';

import type { Clock } from '../time/clock.js';
import { UsedChallenge } from './used-challenge.entity.js';

export type ChallengeKind = 'login' | 'passkey' | 'passkey-registration';

const Payload = z.object({ id: z.string(), kind: z.string(), subject: z.string(), bound: z.string(), until: z.int() });

/** What was issued: to whom (nobody yet, if empty), and what must not have changed since. */
export type Challenge = Readonly<z.infer<typeof Payload>>;

/**
 * Short-lived questions that are answered once. Nothing is stored when one is asked: anybody may ask, and would fill the
 * table. It carries its own seal instead, and what is stored is that it was answered.
 */
export class Challenges {
  private readonly key: Buffer;

  constructor(
    encryptionKey: Buffer,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'gatehouse/challenge/v1', 32));
  }

  /** `boundTo` is what the answer depends on, such as a password's hash: once it changes, the challenge is void. */
  issue(kind: ChallengeKind, subject: string, lifetimeMs: number, boundTo = ''): string {
    const until = this.clock.now().getTime() + lifetimeMs;
    const challenge: Challenge = { id: newId(), kind, subject, bound: this.digest(boundTo), until };
    const body = Buffer.from(JSON.stringify(challenge)).toString('base64url');
    return `${body}.${this.mac(body)}`;
  }

  /** Undefined for what was not issued here, not for this, or too long ago. */
  read(kind: ChallengeKind, text: string): Challenge | undefined {
    const [body = '', mac = '', ...rest] = text.split('.');
    if (rest.length > 0 || !isEqual(mac, this.mac(body))) return undefined;
    const challenge = Payload.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
    return challenge.kind === kind && challenge.until > this.clock.now().getTime() ? challenge : undefined;
  }

  isBoundTo({ bound }: Challenge, boundTo: string): boolean {
    return isEqual(bound, this.digest(boundTo));
  }

  /** True for the first of all who use it. */
  use({ id, until }: Challenge): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      try {
        await manager.insert(UsedChallenge, { id, expiresAt: new Date(until) });
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    });
  }

  async forgetExpired(before: Date): Promise<void> {
    const expired = { expiresAt: LessThan(before) };
    if (!(await this.database.manager.existsBy(UsedChallenge, expired))) return;
    await deleteInPieces(this.database, UsedChallenge, expired);
  }

  private digest(text: string): string {
    return this.mac(`bound:${text}`);
  }

  private mac(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
