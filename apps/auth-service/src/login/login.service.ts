import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';

import { LoginChallenge } from './login-challenge.js';
import type { Client } from '../caller/client.js';
import { LoginRecognition } from './login-recognition.js';
import type { Login } from './login.schema.js';
import type { TokensAnswer } from '../sessions/tokens.schema.js';
import { SessionOpening } from '../sessions/session-opening.js';

@Injectable()
export class LoginService {
  constructor(
    private readonly recognition: LoginRecognition,
    private readonly challenge: LoginChallenge,
    private readonly opening: SessionOpening,
  ) {}

  async login(login: Login, client: Client): Promise<TokensAnswer> {
    const { id, status } = await this.recognition.recognise(login, client);
    if (status !== UserStatus.ACTIVE) throw new Refusal('ACCESS_USER_INACTIVE');
    const account = await this.opening.accountOf(id);
    await this.challenge.refuseWithoutSecondFactor(id);
    return this.opening.open(account, ['pwd'], client);
  }
}
