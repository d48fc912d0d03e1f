import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Access } from '@libs/trusted-headers';

import { JwkSetAnswer } from './jwk-set.schema.js';
import type { JwkSet } from './public-jwk.js';
import { SigningKeyRing } from './signing-key-ring.js';

/** How long a verifier may keep a copy; a new key is published at least this long before it signs. */
export const jwkSetMaxAgeMs = 300_000;

@ApiTags('auth')
@Controller('auth')
export class JwkSetController {
  constructor(private readonly ring: SigningKeyRing) {}

  /** Open even around the gateway: verifiers fetch it from here, and what it says is public. */
  @Get('.well-known/jwks.json')
  @Access('unsealed')
  @Header('cache-control', `public, max-age=${jwkSetMaxAgeMs / 1_000}, stale-while-revalidate=60`)
  @ApiOperation({ operationId: 'getJwks', summary: 'The public keys of access tokens (RFC 7517)' })
  @ApiResponse({ status: 200, standardSchema: JwkSetAnswer })
  getJwks(): JwkSet {
    return this.ring.jwkSet();
  }
}
