import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';

import { AccountDirectory } from '../accounts/account-directory.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import type { Client } from './client.js';
import type { Login, TokensAnswer } from './session.schema.js';
import { SessionStore } from './session.store.js';
import { TokenIssuer } from './token-issuer.js';
import { tokensAnswer } from './tokens-answer.js';

@Injectable()
export class LoginService {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly credentials: CredentialStore,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionStore,
    private readonly tokens: TokenIssuer,
  ) {}

  /** An unknown user takes the same way and the same time as a wrong password: a login must not tell who exists. */
  async login({ login, password }: Login, client: Client): Promise<TokensAnswer> {
    const user = await this.accounts.findByLogin(login);
    const passwordHash = await this.credentials.hashOf(user?.id ?? '');
    const matches = await this.hasher.verify(passwordHash, password);
    if (user === undefined || !matches) throw new Refusal('AUTH_LOGIN_FAILED');
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
    return tokensAnswer(await this.tokens.issue(session, account), refreshToken, account);
  }
}
