import { z } from 'zod';

import { Refusal } from '@libs/errors';
import {
  CredentialServiceService,
  type DeleteCredentialsRequest,
  type DeleteCredentialsResponse,
  type GrpcHandlers,
  GrpcService,
  type SetPasswordRequest,
  type SetPasswordResponse,
} from '@libs/grpc';
import { toFieldErrors } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { ForgetUserService } from './forget-user.service.js';
import { Password } from './password.schema.js';
import { PasswordService } from './password.service.js';

const NewPassword = z.object({ password: Password });

@Access('service', { roles: ['platform-admin'] })
@GrpcService(CredentialServiceService)
export class CredentialGrpc implements GrpcHandlers<CredentialServiceService> {
  constructor(
    private readonly passwords: PasswordService,
    private readonly users: ForgetUserService,
  ) {}

  async setPassword({ userId, password }: SetPasswordRequest): Promise<SetPasswordResponse> {
    const { error } = NewPassword.safeParse({ password });
    if (error !== undefined)
      throw new Refusal('REQUEST_INVALID', { errors: toFieldErrors(error.issues, { password }) });
    await this.passwords.setPassword(userId, password);
    return {};
  }

  async deleteCredentials({ userId }: DeleteCredentialsRequest): Promise<DeleteCredentialsResponse> {
    await this.users.forget(userId);
    return {};
  }
}
