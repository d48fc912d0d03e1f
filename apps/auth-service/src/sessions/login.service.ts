import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type User, UserStatus } from '@libs/grpc';

import { AccountDirectory } from '../accounts/account-directory.js';
import { PasswordCheck } from '../credentials/password-check.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { LoginChallenge } from '../second-factors/login-challenge.js';
import { SecurityLog } from '../security-log.js';
import type { Client } from './client.js';
import type { Login, TokensAnswer } from './session.schema.js';
import { SessionOpening } from './session-opening.js';
import { SessionStore } from './session.store.js';

@Injectable()
export class LoginService {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly passwords: PasswordCheck,
    private readonly guesses: GuessCounter,
    private readonly sessions: SessionStore,
    private readonly challenge: LoginChallenge,
    private readonly opening: SessionOpening,
    private readonly log: SecurityLog,
  ) {}

  async login(login: Login, client: Client): Promise<TokensAnswer> {
    const { id, status } = await this.recognise(login, client);
    if (status !== UserStatus.ACTIVE) throw new Refusal('ACCESS_USER_INACTIVE');
    const account = await this.opening.accountOf(id);
    await this.challenge.refuseWithoutSecondFactor(id);
    return this.opening.open(account, ['pwd'], client);
  }

  /** An unknown user takes the same way and the same time as a wrong password: a login must not tell who exists. */
  private async recognise({ login, password }: Login, { address }: Client): Promise<User> {
    this.passwords.refuseIfBusy();
    const user = await this.accounts.findByLogin(login);
    const userId = user?.id ?? '';
    const lastSessionHere = await this.sessions.lastFrom(address, userId);
    await this.guesses.beforeLogin({ login, userId: user?.id, address, lastSessionHere });
    if ((await this.passwords.isRight(userId, password)) && user !== undefined) return user;
    await this.log.note('login.failed', { user_id: userId, client_address: address });
    throw new Refusal('AUTH_LOGIN_FAILED');
  }
}
