import {
  type GrpcHandlers,
  GrpcService,
  type ListSigningKeysResponse,
  type RotateSigningKeysResponse,
  SigningKeyServiceService,
  SigningKeyState,
} from '@libs/grpc';
import { Idempotency } from '@libs/persistence';
import { Access } from '@libs/trusted-headers';

import { SigningKeyRing } from './signing-key-ring.js';
import { SigningKeyRotation } from './signing-key-rotation.js';

// What takes time to compute must not keep a transaction open.
@Access('service', { roles: ['platform-admin'] })
@Idempotency('saga')
@GrpcService(SigningKeyServiceService)
export class SigningKeyGrpc implements GrpcHandlers<SigningKeyServiceService> {
  constructor(
    private readonly rotation: SigningKeyRotation,
    private readonly ring: SigningKeyRing,
  ) {}

  async rotateSigningKeys(): Promise<RotateSigningKeysResponse> {
    const { id, signsFrom } = await this.rotation.rotate();
    return { keyId: id, signTime: signsFrom };
  }

  async listSigningKeys(): Promise<ListSigningKeysResponse> {
    await this.ring.load();
    const signer = this.ring.signer();
    const newestFirst = this.ring.published().toReversed();
    const at = newestFirst.findIndex(({ id }) => id === signer.id);
    const stateOf = (index: number): SigningKeyState => {
      if (index === at) return SigningKeyState.SIGNING;
      return index < at ? SigningKeyState.ANNOUNCED : SigningKeyState.RETIRING;
    };
    const keys = newestFirst.map(({ id, algorithm, signsFrom, publishedUntil }, index) => ({
      keyId: id,
      algorithm,
      signTime: signsFrom,
      unpublishTime: publishedUntil ?? undefined,
      state: stateOf(index),
    }));
    return { keys: keys.toReversed() };
  }
}
