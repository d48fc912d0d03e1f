import { Inject, Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import type { Identity } from '@libs/trusted-headers';

import { Clock } from '../clock.js';
import { type FactorMethod, SecondFactors } from '../second-factors/second-factors.js';
import { requireSession } from '../sessions/own-session.js';
import { authenticatedAt, type Session } from '../sessions/session.entity.js';
import { SessionStore } from '../sessions/session.store.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings.js';

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

  /** Where there is a second factor, the password alone proves nothing more. */
  async methodsOf(userId: string): Promise<StepUpMethod[]> {
    const methods = await this.factors.methodsOf(userId);
    return methods.length === 0 ? ['password'] : methods;
  }

  private async look(identity: Identity) {
    const sessionId = requireSession(identity);
    const [session, methods] = await Promise.all([this.sessions.find(sessionId), this.methodsOf(identity.userId)]);
    return { sessionId, methods, isFresh: session !== null && this.isFresh(session, methods) };
  }

  private isFresh(session: Session, methods: readonly StepUpMethod[]): boolean {
    const ageMs = this.clock.now().getTime() - authenticatedAt(session).getTime();
    const isEnough = methods.includes('password') || session.amr.includes('mfa');
    return isEnough && ageMs <= this.settings.freshAuthenticationMs;
  }

  /** RFC 9470 §3: what is wrong, and what would be enough. */
  private refused(methods: readonly StepUpMethod[]): Refusal {
    const maxAge = Math.floor(this.settings.freshAuthenticationMs / 1_000);
    const acr = methods.includes('password') ? '' : ', acr_values="mfa"';
    const challenge = `Bearer error="insufficient_user_authentication", error_description="A more recent or stronger proof is needed", max_age="${maxAge}"${acr}`;
    return new Refusal('AUTH_STEP_UP_REQUIRED', {
      headers: { 'www-authenticate': challenge },
      members: { stepUp: { methods, maxAge } },
    });
  }
}
