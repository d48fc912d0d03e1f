import { Injectable } from '@nestjs/common';

import { Refusal, stepUpRequired } from '@libs/errors';
import { CredentialServiceService, GrpcClients } from '@libs/grpc';
import { type ExpectedVersion, isExpected } from '@libs/persistence';

import { isEmailVerified } from './email-holder.js';
import { nameKey } from './taken-names.js';
import type { User } from './user.entity.js';
import type { UpdateUser } from './user.schema.js';
import { UsersService } from './users.service.js';

/**
 * An address opens an account, so it is replaced by nothing but the proof of another: auth-service keeps the new one, and
 * writes to both. Only where none was ever confirmed do operators enter another one, as they have entered the first.
 */
@Injectable()
export class EmailChangeService {
  constructor(
    private readonly users: UsersService,
    private readonly clients: GrpcClients,
  ) {}

  /** The answer never tells whether somebody has the address. */
  async byOwner(userId: string, sessionId: string, email: string): Promise<void> {
    // Without one nobody can tell when the caller has proved who they are.
    if (sessionId === '') throw new Refusal('ACCESS_DENIED');
    const { stepUpNeeded } = await this.ask(userId, sessionId, email);
    if (stepUpNeeded !== undefined) throw stepUpRequired(stepUpNeeded.methods, stepUpNeeded.maxAge);
  }

  async byOperator(id: string, expectedVersion: ExpectedVersion | undefined, change: UpdateUser): Promise<User> {
    const { email, ...rest } = change;
    const user = await this.users.get(id);
    if (email === undefined || !isEmailVerified(user)) return this.users.update(id, expectedVersion, change);
    if (!isExpected(expectedVersion, user.version)) throw new Refusal('RESOURCE_CHANGED');
    if (nameKey(email) !== user.emailKey) await this.users.refuseTakenEmail(id, email);
    await this.ask(id, '', email);
    return Object.keys(rest).length === 0 ? user : this.users.update(id, user.version, rest);
  }

  private ask(userId: string, sessionId: string, email: string) {
    const credentials = this.clients.to('auth-service', CredentialServiceService);
    return credentials.changeEmail({ userId, sessionId, email }, { as: 'service' });
  }
}
