import { z } from 'zod';

import {
  CredentialServiceService,
  type DeleteCredentialsRequest,
  type DeleteCredentialsResponse,
  type GrpcHandlers,
  GrpcService,
  type ImportPasswordHashRequest,
  type ImportPasswordHashResponse,
  type RemoveSecondFactorsRequest,
  type RemoveSecondFactorsResponse,
  type SendInvitationRequest,
  type SendInvitationResponse,
  type SetPasswordRequest,
  type SetPasswordResponse,
} from '@libs/grpc';
import { Idempotency } from '@libs/persistence';
import { validRequest } from '@libs/service';
import { Access, currentContext } from '@libs/trusted-headers';

import { InvitationService } from '../invitations/invitation.service.js';
import { LostFactorsService } from '../second-factors/lost-factors.service.js';
import { ForgetUserService } from './forget-user.service.js';
import { ImportedPasswordHash } from './password-hash.js';
import { Password } from './password.schema.js';
import { PasswordService } from './password.service.js';

const NewPassword = z.object({ userId: z.string(), password: Password });
const NewHash = z.object({ userId: z.string(), passwordHash: ImportedPasswordHash });

// What takes time to compute must not keep a transaction open.
@Access('service', { roles: ['platform-admin'] })
@Idempotency('saga')
@GrpcService(CredentialServiceService)
export class CredentialGrpc implements GrpcHandlers<CredentialServiceService> {
  constructor(
    private readonly passwords: PasswordService,
    private readonly users: ForgetUserService,
    private readonly invitations: InvitationService,
    private readonly lostFactors: LostFactorsService,
  ) {}

  async setPassword(request: SetPasswordRequest): Promise<SetPasswordResponse> {
    const { userId, password } = validRequest(NewPassword, request);
    await this.passwords.setPassword(userId, password);
    return {};
  }

  async importPasswordHash(request: ImportPasswordHashRequest): Promise<ImportPasswordHashResponse> {
    const { userId, passwordHash } = validRequest(NewHash, request);
    await this.passwords.importHash(userId, passwordHash);
    return {};
  }

  async sendInvitation({ userId }: SendInvitationRequest): Promise<SendInvitationResponse> {
    await this.invitations.send(userId);
    return {};
  }

  async removeSecondFactors({ userId }: RemoveSecondFactorsRequest): Promise<RemoveSecondFactorsResponse> {
    await this.lostFactors.remove(currentContext().identity, userId);
    return {};
  }

  async deleteCredentials({ userId }: DeleteCredentialsRequest): Promise<DeleteCredentialsResponse> {
    await this.users.forget(userId);
    return {};
  }
}
