import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type User, UserStatus } from '@libs/grpc';

import { AccountDirectory } from '../accounts/account-directory.js';
import { PasswordCheck } from '../credentials/password-check.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { SecurityLog } from '../security-log.js';
import type { Client } from './client.js';
import type { Login, TokensAnswer } from './session.schema.js';
import { SessionStore } from './session.store.js';
import { TokenIssuer } from './token-issuer.js';
import { tokensAnswer } from './tokens-answer.js';

@Injectable()
export class LoginService {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly passwords: PasswordCheck,
    private readonly guesses: GuessCounter,
    private readonly sessions: SessionStore,
    private readonly tokens: TokenIssuer,
    private readonly log: SecurityLog,
  ) {}

  async login(login: Login, client: Client): Promise<TokensAnswer> {
    const user = await this.recognise(login, client);
    if (user.status !== UserStatus.ACTIVE) throw new Refusal('ACCESS_USER_INACTIVE');

    const account = await this.accounts.find(user.id);
    if (account === undefined) throw new Refusal('AUTH_LOGIN_FAILED', { internal: 'deleted during the login' });

    const { session, refreshToken } = await this.sessions.open({
      userId: user.id,
      tenantId: account.tenant?.id ?? null,
      amr: ['pwd'],
      userAgent: client.userAgent,
      clientAddress: client.address,
    });
    this.log.note('login.succeeded', { user_id: user.id, session_id: session.id, client_address: client.address });
    return tokensAnswer(await this.tokens.issue(session, account), refreshToken, account);
  }

  /** An unknown user takes the same way and the same time as a wrong password: a login must not tell who exists. */
  private async recognise({ login, password }: Login, { address }: Client): Promise<User> {
    const user = await this.accounts.findByLogin(login);
    const userId = user?.id ?? '';
    const lastSessionHere = await this.sessions.lastFrom(address, userId);
    await this.guesses.beforeLogin({ login, address, lastSessionHere });
    if ((await this.passwords.isRight(userId, password)) && user !== undefined) return user;
    this.log.note('login.failed', { user_id: userId, client_address: address });
    throw new Refusal('AUTH_LOGIN_FAILED');
  }
}
