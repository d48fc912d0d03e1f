import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import type { User } from '@libs/grpc';

import { AccountDirectory } from '../accounts/account-directory.js';
import { PasswordCheck } from '../credentials/password-check.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { type SecurityFacts, SecurityLog } from '../security-events/security-log.js';
import type { Client } from '../caller/client.js';
import { SessionStore } from '../sessions/session.store.js';
import type { Login } from './login.schema.js';

/**
 * Whose name and password they are. An unknown user takes the same way and the same time as a wrong password: a login
 * must not tell who exists.
 *
 * By an address, two may be meant: its holder, who has confirmed it, and a newcomer, who has entered it since. The
 * newcomer must not learn whether there is a holder, so a holder who is not there is looked at as well: by an address
 * two passwords are verified, but where the first one lets the holder in. And nobody keeps a holder out by entering the
 * address.
 */
@Injectable()
export class LoginRecognition {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly passwords: PasswordCheck,
    private readonly guesses: GuessCounter,
    private readonly sessions: SessionStore,
    private readonly log: SecurityLog,
  ) {}

  async recognise({ login, password }: Login, { address }: Client): Promise<User> {
    this.passwords.refuseIfBusy();
    const { holder, newcomer } = await this.accounts.candidatesOf(login);
    const attempt = { login, password, address };
    if (newcomer === undefined) return this.holderAlone(attempt, holder);
    return this.holderOrNewcomer(attempt, holder, newcomer);
  }

  private async holderAlone(attempt: Attempt, user: User | undefined): Promise<User> {
    const { login, password, address } = attempt;
    const userId = user?.id ?? '';
    await this.guesses.beforeLogin(await this.counted(attempt, user));
    if ((await this.passwords.isRight(userId, password)) && user !== undefined) return user;
    if (login.includes('@')) await this.passwords.pretend(password);
    return this.refuse({ user_id: userId, client_address: address });
  }

  /**
   * Where the holder was before, no guess at the newcomer's password keeps them waiting. Anywhere else it does as one at
   * theirs would, because a newcomer must be answered with or without a holder alike. That the password is wrong is shown
   * to the holder, whose address it is, and never to the newcomer.
   */
  private async holderOrNewcomer(attempt: Attempt, holder: User | undefined, newcomer: User): Promise<User> {
    const { password, address } = attempt;
    const [ofHolder, ofNewcomer] = [await this.counted(attempt, holder), await this.counted(attempt, newcomer)];
    const isHolderHere = ofHolder.lastSessionHere !== undefined;
    if (!isHolderHere) await this.guesses.beforeLogin(ofNewcomer);
    const holderId = (await this.guesses.mayBeHolder(ofHolder)) ? (holder?.id ?? '') : '';
    if ((await this.passwords.isRight(holderId, password)) && holder !== undefined) return holder;
    if (isHolderHere) await this.guesses.beforeLogin(ofNewcomer);
    if (await this.passwords.isRight(newcomer.id, password)) return newcomer;
    return this.refuse({ user_id: holder?.id ?? '', client_address: address });
  }

  private async counted({ login, address }: Attempt, user: User | undefined) {
    const lastSessionHere = await this.sessions.lastFrom(address, user?.id ?? '');
    return { login, userId: user?.id, address, lastSessionHere };
  }

  private async refuse(facts: SecurityFacts): Promise<never> {
    await this.log.note('login.failed', facts);
    throw new Refusal('AUTH_LOGIN_FAILED');
  }
}

interface Attempt extends Login {
  readonly address: string;
}
