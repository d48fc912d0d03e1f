import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';

import { type Account, AccountDirectory } from '../accounts/account-directory.js';
import type { Client } from '../caller/client.js';
import { RefreshTokenCheck, rejected } from './refresh-token-check.js';
import { RefreshTokenStore } from './refresh-token.store.js';
import type { TokensAnswer } from './tokens.schema.js';
import type { Session } from './session.entity.js';
import { SessionStore } from './session.store.js';
import { TokenIssuer } from './token-issuer.js';
import { tokensAnswer } from './tokens-answer.js';

@Injectable()
export class RefreshService {
  constructor(
    private readonly check: RefreshTokenCheck,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly sessions: SessionStore,
    private readonly accounts: AccountDirectory,
    private readonly tokens: TokenIssuer,
  ) {}

  /** Whatever may fail comes before the rotation: a failed refresh has not used up the token. */
  async refresh(refreshToken: string, client: Client): Promise<TokensAnswer> {
    const { token, session } = await this.check.recognise(refreshToken, client);
    let successor = token.usedAt === null ? undefined : await this.successorAgain(refreshToken, session);

    const account = await this.accountOf(session);
    const accessToken = await this.tokens.issue(session, account);
    successor ??= await this.refreshTokens.rotate(refreshToken, token, session, account.tenant?.id ?? null);
    // Another request was faster.
    successor ??= await this.successorAgain(refreshToken, session);
    return tokensAnswer(accessToken, successor, account);
  }

  /** A used token that comes again was stolen, now or then: which of the two holders is the thief cannot be known. */
  private async successorAgain(refreshToken: string, session: Session): Promise<string> {
    const successor = await this.refreshTokens.successorAgain(refreshToken);
    if (successor !== undefined) return successor;
    await this.sessions.end(session, 'refresh-token-reused');
    throw rejected(`a used refresh token of session ${session.id} came again`);
  }

  /** Roles and status may have changed since the login. Who has left the session's tenant goes on in their own. */
  private async accountOf(session: Session): Promise<Account> {
    let account = await this.accounts.find(session.userId, session.tenantId ?? '');
    if (account?.tenant === undefined && session.tenantId !== null) account = await this.accounts.find(session.userId);
    if (account === undefined) {
      await this.sessions.end(session, 'user-gone');
      throw rejected('the user is gone');
    }
    if (account.user.status !== UserStatus.ACTIVE) throw new Refusal('ACCESS_USER_INACTIVE');
    return account;
  }
}
