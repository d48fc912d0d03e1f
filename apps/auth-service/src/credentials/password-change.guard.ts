import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { Refusal } from '@libs/errors';
import { currentContext } from '@libs/trusted-headers';

import { CredentialStore } from './credential.store.js';

const open = Symbol('during password change');

/** What somebody may do whose password must be changed: that, to see who they are, and to leave. */
export const DuringPasswordChange = (): MethodDecorator => SetMetadata(open, true);

/** Of one's own account. All else is behind routes where the gateway refuses such a session by its token. */
@Injectable()
export class PasswordChangeGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: CredentialStore,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<true> {
    if (execution.getType() !== 'http' || this.reflector.get<boolean>(open, execution.getHandler())) return true;
    const { authMethod, userId } = currentContext().identity;
    if (authMethod !== 'jwt' || !(await this.credentials.mustChange(userId))) return true;
    throw new Refusal('ACCESS_PASSWORD_CHANGE_REQUIRED');
  }
}
