import { z } from 'zod';

import {
  type ChangeEmailRequest,
  type ChangeEmailResponse,
  CredentialServiceService,
  type DeleteCredentialsRequest,
  type DeleteCredentialsResponse,
  type GrpcHandlers,
  GrpcService,
  type ImportPasswordHashRequest,
  type ImportPasswordHashResponse,
  type ProveEmailRequest,
  type ProveEmailResponse,
  type RemoveSecondFactorsRequest,
  type RemoveSecondFactorsResponse,
  type SendInvitationRequest,
  type SendInvitationResponse,
  type SendPasswordResetRequest,
  type SendPasswordResetResponse,
  type SetPasswordRequest,
  type SetPasswordResponse,
} from '@libs/grpc';
import { Idempotency } from '@libs/persistence';
import { validRequest } from '@libs/service';
import { Access, currentContext } from '@libs/trusted-headers';

import { EmailChangeService } from '../email-verification/email-change.service.js';
import { InvitationProofService } from '../email-verification/invitation-proof.service.js';
import { InvitationSending } from '../invitations/invitation-sending.js';
import { LostFactorsService } from '../factor-enrolment/lost-factors.service.js';
import { StepUp } from '../step-up/step-up.js';
import { ForgetUserService } from '../deletion/forget-user.service.js';
import { ImportedPasswordHash } from '../credentials/password-hash.js';
import { Password } from '../credentials/password.schema.js';
import { PasswordService } from '../passwords/password.service.js';
import { VouchedResetService } from '../passwords/vouched-reset.service.js';

const NewPassword = z.object({ userId: z.string(), password: Password });
const NewHash = z.object({ userId: z.string(), passwordHash: ImportedPasswordHash });

// One service of the contract stands for what many features do: each of the eight is one of them.
// What takes time to compute must not keep a transaction open.
@Access('service', { roles: ['platform-admin'] })
@Idempotency('saga')
@GrpcService(CredentialServiceService)
export class CredentialGrpc implements GrpcHandlers<CredentialServiceService> {
  constructor(
    private readonly passwords: PasswordService,
    private readonly users: ForgetUserService,
    private readonly invitations: InvitationSending,
    private readonly lostFactors: LostFactorsService,
    private readonly vouching: VouchedResetService,
    private readonly emails: EmailChangeService,
    private readonly proof: InvitationProofService,
    private readonly stepUp: StepUp,
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

  @Access('service')
  async changeEmail({ userId, email, sessionId }: ChangeEmailRequest): Promise<ChangeEmailResponse> {
    const isOwner = sessionId !== '';
    const stepUpNeeded = isOwner ? await this.stepUp.missingOf(userId, sessionId) : undefined;
    if (stepUpNeeded !== undefined) return { stepUpNeeded };
    await this.emails.change(userId, email, isOwner ? 'owner' : 'operator');
    return {};
  }

  @Access('service')
  async proveEmail({ userId, email, sessionId }: ProveEmailRequest): Promise<ProveEmailResponse> {
    await this.proof.prove(userId, email, sessionId);
    return {};
  }

  async removeSecondFactors({ userId }: RemoveSecondFactorsRequest): Promise<RemoveSecondFactorsResponse> {
    await this.lostFactors.remove(currentContext().identity, userId);
    return {};
  }

  async sendPasswordReset({ userId }: SendPasswordResetRequest): Promise<SendPasswordResetResponse> {
    await this.vouching.sendReset(currentContext().identity, userId);
    return {};
  }

  async deleteCredentials({ userId }: DeleteCredentialsRequest): Promise<DeleteCredentialsResponse> {
    await this.users.forget(userId);
    return {};
  }
}
