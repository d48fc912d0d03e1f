import { Refusal } from '@libs/errors';
import {
  type ChangeEmailRequest,
  type ChangeEmailResponse,
  type ConfirmEmailRequest,
  CredentialServiceService,
  type ProveEmailRequest,
  toGrpcStatus,
} from '@libs/grpc';
import { type FakePeer, fakeService, startFakePeer } from '@libs/testing';

/** What auth-service does with addresses, as far as tenant-service sees it. */
export class FakeAuthService {
  readonly changes: ChangeEmailRequest[] = [];
  /** Of the next changes in a session. */
  stepUpNeeded: ChangeEmailResponse['stepUpNeeded'];
  /** How it tells that an address is confirmed. */
  confirm: (request: ConfirmEmailRequest) => Promise<unknown> = () => Promise.resolve();
  private peer: FakePeer | undefined;

  static async start(): Promise<FakeAuthService> {
    const fake = new FakeAuthService();
    fake.peer = await startFakePeer(
      fakeService(CredentialServiceService, {
        changeEmail: async (request) => {
          if (request.sessionId !== '' && fake.stepUpNeeded !== undefined) return { stepUpNeeded: fake.stepUpNeeded };
          fake.changes.push(request);
          return {};
        },
        sendInvitation: () => Promise.resolve({}),
        proveEmail: (request) => fake.prove(request),
      }),
    );
    return fake;
  }

  get address(): string {
    return this.peer?.address ?? '';
  }

  stop(): void {
    this.peer?.stop();
  }

  private async prove({ userId, email }: ProveEmailRequest): Promise<Record<string, never>> {
    try {
      await this.confirm({ userId, email, isFirst: true });
      return {};
    } catch (error) {
      throw error instanceof Refusal ? Object.assign(new Error(error.message), toGrpcStatus(error)) : error;
    }
  }
}
