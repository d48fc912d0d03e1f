import { Inject, Injectable } from '@nestjs/common';

import { Refusal, stepUpRequired } from '@libs/errors';
import type { Identity } from '@libs/trusted-headers';

import { Clock } from '../time/clock.js';
import { type FactorMethod, SecondFactors } from '../second-factors/second-factors.js';
import { requireSession } from '../caller/own-session.js';
import { authenticatedAt, isLive, type Session } from '../sessions/session.entity.js';
import { SessionStore } from '../sessions/session.store.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';

export type StepUpMethod = FactorMethod | 'password';

/**
 * Whether a session was opened, or confirmed, recently and well enough for what could take an account over. A stolen
 * session must not be enough to lock its owner out.
 */
@Injectable()
export class StepUp {
  constructor(
    private readonly sessions: SessionStore,
    private readonly factors: SecondFactors,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly settings: Pick<AuthSettings, 'freshAuthenticationMs'>,
  ) {}

  /** For what changes the ways into an account. Answers the session's id. */
  async require(identity: Identity): Promise<string> {
    const { sessionId, isFresh, methods } = await this.look(identity);
    if (!isFresh) throw this.refused(methods);
    return sessionId;
  }

  /** For what an account without a second factor does with its session alone. */
  async requireIfEnrolled(identity: Identity): Promise<string> {
    const { sessionId, isFresh, methods } = await this.look(identity);
    if (!isFresh && !methods.includes('password')) throw this.refused(methods);
    return sessionId;
  }

  /** For what operators do. A tool that calls with the platform's own key has no session that could have been stolen. */
  async requireOfOperator(operator: Identity): Promise<void> {
    if (operator.authMethod !== 'service') await this.require(operator);
  }

  /** For what another service does: what would be enough, or undefined when there is a fresh proof. */
  async missingOf(userId: string, sessionId: string): Promise<{ methods: StepUpMethod[]; maxAge: number } | undefined> {
    const [session, methods] = await Promise.all([this.sessions.find(sessionId), this.methodsOf(userId)]);
    const isOwn = session?.userId === userId && isLive(session, this.clock.now());
    return isOwn && this.isFresh(session, methods) ? undefined : { methods, maxAge: this.maxAge };
  }

  /** Where there is a second factor, the password alone proves nothing more. */
  async methodsOf(userId: string): Promise<StepUpMethod[]> {
    const methods = await this.factors.methodsOf(userId);
    return methods.length === 0 ? ['password'] : methods;
  }

  private async look(identity: Identity) {
    const sessionId = requireSession(identity);
    const [session, methods] = await Promise.all([this.sessions.find(sessionId), this.methodsOf(identity.userId)]);
    // A gateway may not have heard of its end yet, and what it makes now would outlive it.
    if (session !== null && !isLive(session, this.clock.now())) {
      throw new Refusal('AUTH_CREDENTIALS_REJECTED', { internal: 'the session has ended' });
    }
    return { sessionId, methods, isFresh: session !== null && this.isFresh(session, methods) };
  }

  private isFresh(session: Session, methods: readonly StepUpMethod[]): boolean {
    const ageMs = this.clock.now().getTime() - authenticatedAt(session).getTime();
    const isEnough = methods.includes('password') || session.amr.includes('mfa');
    return isEnough && ageMs <= this.settings.freshAuthenticationMs;
  }

  private refused(methods: readonly StepUpMethod[]): Refusal {
    return stepUpRequired(methods, this.maxAge);
  }

  private get maxAge(): number {
    return Math.floor(this.settings.freshAuthenticationMs / 1_000);
  }
}
