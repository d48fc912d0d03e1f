import { type GrpcHandlers, GrpcService, type RotateSigningKeysResponse, SigningKeyServiceService } from '@libs/grpc';
import { Access } from '@libs/trusted-headers';

import { SigningKeyRotation } from './signing-key-rotation.js';

@Access('service', { roles: ['platform-admin'] })
@GrpcService(SigningKeyServiceService)
export class SigningKeyGrpc implements GrpcHandlers<SigningKeyServiceService> {
  constructor(private readonly rotation: SigningKeyRotation) {}

  async rotateSigningKeys(): Promise<RotateSigningKeysResponse> {
    const { id, signsFrom } = await this.rotation.rotate();
    return { keyId: id, signTime: signsFrom };
  }
}
