import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import type { Client } from '../caller/client.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { Clock } from '../time/clock.js';
import type { RefreshToken } from './refresh-token.entity.js';
import { RefreshTokenMaker } from './refresh-token-maker.js';
import { RefreshTokenStore } from './refresh-token.store.js';
import { isLive, type Session } from './session.entity.js';
import { SessionStore } from './session.store.js';

/** Tells which session a refresh token belongs to, used or not. */
@Injectable()
export class RefreshTokenCheck {
  constructor(
    private readonly maker: RefreshTokenMaker,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly sessions: SessionStore,
    private readonly guesses: GuessCounter,
    private readonly clock: Clock,
  ) {}

  async recognise(refreshToken: string, client: Client): Promise<{ token: RefreshToken; session: Session }> {
    if (!this.maker.hasMade(refreshToken)) await this.guesses.beforeToken(client.address);
    const token = await this.refreshTokens.find(refreshToken);
    if (token === null) {
      await this.guesses.noteUnknown('refresh-token', client.address);
      throw rejected('never issued here');
    }
    const session = await this.sessions.find(token.sessionId);
    if (session === null || !isLive(session, this.clock.now())) throw rejected('the session is over');
    return { token, session };
  }
}

export const rejected = (internal: string): Refusal => new Refusal('AUTH_REFRESH_REJECTED', { internal });
