import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';

import { type Account, AccountDirectory } from '../accounts/account-directory.js';
import type { Client } from '../caller/client.js';
import type { TokensAnswer } from './tokens.schema.js';
import { SessionStore } from './session.store.js';
import { TokenIssuer } from './token-issuer.js';
import { tokensAnswer } from './tokens-answer.js';

/** The end of every way to log in. */
@Injectable()
export class SessionOpening {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly sessions: SessionStore,
    private readonly tokens: TokenIssuer,
  ) {}

  /** The account of somebody who may log in at all. */
  async accountOf(userId: string): Promise<Account> {
    const account = await this.accounts.find(userId);
    if (account === undefined) throw new Refusal('AUTH_LOGIN_FAILED', { internal: 'deleted during the login' });
    if (account.user.status !== UserStatus.ACTIVE) throw new Refusal('ACCESS_USER_INACTIVE');
    return account;
  }

  /** `amr`: how the user has proved who they are, in the words of RFC 8176. */
  async open(account: Account, amr: string[], client: Client): Promise<TokensAnswer> {
    const { session, refreshToken } = await this.sessions.open({
      userId: account.user.id,
      tenantId: account.tenant?.id ?? null,
      amr,
      userAgent: client.userAgent,
      clientAddress: client.address,
    });
    return tokensAnswer(await this.tokens.issue(session, account), refreshToken, account);
  }
}
