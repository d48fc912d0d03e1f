import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import type { FastifyReply } from 'fastify';

import { Access } from '@libs/trusted-headers';

import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { JwkSetAnswer } from './jwk-set.schema.js';
import type { JwkSet } from './public-jwk.js';
import { SigningKeyRing } from './signing-key-ring.js';

@ApiTags('auth')
@Controller('auth')
export class JwkSetController {
  constructor(
    private readonly ring: SigningKeyRing,
    @Inject(AUTH_SETTINGS) private readonly settings: Pick<AuthSettings, 'keySetMaxAgeMs'>,
  ) {}

  /** Open even around the gateway: verifiers fetch it from here, and what it says is public. */
  @Get('.well-known/jwks.json')
  @Access('unsealed')
  @ApiOperation({ operationId: 'getJwks', summary: 'The public keys of access tokens (RFC 7517)' })
  @ApiResponse({ status: 200, standardSchema: JwkSetAnswer, headers: { 'Cache-Control': {} } })
  getJwks(@Res({ passthrough: true }) reply: FastifyReply): JwkSet {
    reply.header('cache-control', `public, max-age=${Math.floor(this.settings.keySetMaxAgeMs / 1_000)}`);
    return this.ring.jwkSet();
  }
}
