import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { requireSession } from '../caller/own-session.js';
import { StepUp } from '../step-up/step-up.js';
import { apiKeyListing } from './api-key-listing.js';
import {
  ApiKeyAnswer,
  ApiKeyList,
  CreateApiKey,
  NewApiKeyAnswer,
  RotateApiKey,
  toApiKeyAnswer,
  UpdateApiKey,
} from './api-key.schema.js';
import { requireOwnScopes } from './own-scopes.js';
import { ApiKeyService } from './api-key.service.js';
import { ApiKeyStore, type Owner } from './api-key.store.js';

/** `{id}:rotate`: Fastify needs the id's pattern to see that it ends before the colon, and `::` for a plain colon. */
const idBeforeColon = ':id(^[^:/]+)';

@ApiTags('auth')
@ApiBearerAuth()
@Access('user')
@Controller('auth/api-keys')
export class ApiKeyController {
  constructor(
    private readonly service: ApiKeyService,
    private readonly apiKeys: ApiKeyStore,
    private readonly stepUp: StepUp,
  ) {}

  @Post()
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'createApiKey', summary: 'Makes an API key; the answer shows it this once' })
  @ApiResponse({ status: 201, standardSchema: NewApiKeyAnswer })
  @ApiRefusal('ACCESS_DENIED', 'a scope is more than the caller may do')
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'where a second factor is enrolled')
  async create(
    @Body({ schema: CreateApiKey }) body: CreateApiKey,
    @CurrentIdentity() identity: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewApiKeyAnswer> {
    await this.stepUp.requireIfEnrolled(identity);
    requireOwnScopes(identity, body.scopes);
    const { apiKey, key } = await this.service.create(ownerFrom(identity), body);
    reply.header('location', `/auth/api-keys/${apiKey.id}`);
    setEtag(reply, apiKey.version, [apiKey.lastUsedAt, apiKey.lastUsedAddress]);
    return { ...toApiKeyAnswer(apiKey), key };
  }

  @Get()
  @ApiOperation({ operationId: 'listApiKeys', summary: 'Lists the API keys of the caller in this tenant' })
  @ApiResponse({ status: 200, standardSchema: ApiKeyList })
  async list(
    @Query({ schema: apiKeyListing.query }) query: ListQuery,
    @CurrentIdentity() identity: Identity,
  ): Promise<ApiKeyList> {
    const { items, nextPageToken } = await apiKeyListing.page(this.apiKeys.allOf(ownerFrom(identity)), query);
    return { items: items.map(toApiKeyAnswer), nextPageToken };
  }

  @Get(idBeforeColon)
  @ApiOperation({ operationId: 'getApiKey', summary: 'Shows an API key of the caller, without the key itself' })
  @ApiResponse({ status: 200, standardSchema: ApiKeyAnswer })
  async get(
    @Param('id') id: string,
    @CurrentIdentity() identity: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiKeyAnswer> {
    const apiKey = await this.service.get(ownerFrom(identity), id);
    setEtag(reply, apiKey.version, [apiKey.lastUsedAt, apiKey.lastUsedAddress]);
    return toApiKeyAnswer(apiKey);
  }

  @Patch(idBeforeColon)
  @ApiOperation({ operationId: 'updateApiKey', summary: 'Changes the named fields of an API key, within two seconds' })
  @ApiResponse({ status: 200, standardSchema: ApiKeyAnswer })
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'where a second factor is enrolled')
  async update(
    @Param('id') id: string,
    @Body({ schema: UpdateApiKey }) body: UpdateApiKey,
    @CurrentIdentity() identity: Identity,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiKeyAnswer> {
    await this.stepUp.requireIfEnrolled(identity);
    requireOwnScopes(identity, body.scopes);
    const apiKey = await this.service.update(ownerFrom(identity), id, expectedVersion, body);
    setEtag(reply, apiKey.version, [apiKey.lastUsedAt, apiKey.lastUsedAddress]);
    return toApiKeyAnswer(apiKey);
  }

  @Post(`${idBeforeColon}::rotate`)
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'rotateApiKey',
    summary: 'Makes a new key in the place of an API key; the answer shows it this once',
    description: 'Id, scopes and limits stay. The key before is good for as long as the grace lasts.',
  })
  @ApiResponse({ status: 200, standardSchema: NewApiKeyAnswer })
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'where a second factor is enrolled')
  async rotate(
    @Param('id') id: string,
    @Body({ schema: RotateApiKey }) body: RotateApiKey,
    @CurrentIdentity() identity: Identity,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewApiKeyAnswer> {
    await this.stepUp.requireIfEnrolled(identity);
    const { apiKey, key } = await this.service.rotate(ownerFrom(identity), id, expectedVersion, body);
    setEtag(reply, apiKey.version, [apiKey.lastUsedAt, apiKey.lastUsedAddress]);
    return { ...toApiKeyAnswer(apiKey), key };
  }

  @Delete(idBeforeColon)
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revokes an API key: it is refused everywhere' })
  @ApiResponse({ status: 204 })
  async revoke(
    @Param('id') id: string,
    @CurrentIdentity() identity: Identity,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.service.revoke(ownerFrom(identity), id, expectedVersion);
  }
}

function ownerFrom(identity: Identity): Owner {
  requireSession(identity);
  return { userId: identity.userId, tenantId: identity.tenantId };
}
