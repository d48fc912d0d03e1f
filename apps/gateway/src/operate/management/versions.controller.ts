import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import type { ExpectedVersion } from '@libs/persistence';
import { IfMatch } from '@libs/service';

import { NewVersion, Publication, RollBack } from './candidate.schema.js';
import { ManagementCalls } from './management-call.js';
import { VersionsService } from './versions.service.js';
import { FullVersionView, PublicationList, PublicationView, VersionPage, VersionView } from './version.view.js';

const VersionNumber = z.coerce.number().int().min(1).max(2_000_000_000);

const PageQuery = z.strictObject({
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
  pageToken: z
    .string()
    .regex(/^\d{0,9}$/)
    .default(''),
});
type PageQuery = z.infer<typeof PageQuery>;

@ManagementCalls('versions')
@Controller('configuration')
export class VersionsController {
  constructor(private readonly versions: VersionsService) {}

  @Get('versions')
  @ApiOperation({ summary: 'List the versions, the newest first', operationId: 'listVersions' })
  @ApiResponse({ status: 200, standardSchema: VersionPage })
  list(@Query({ schema: PageQuery }) { pageSize, pageToken }: PageQuery): Promise<VersionPage> {
    return this.versions.list(pageSize, pageToken);
  }

  @Post('versions')
  @ApiOperation({ summary: 'Keep a new version and put it in force everywhere', operationId: 'createVersion' })
  @ApiResponse({ status: 201, standardSchema: VersionView })
  async create(
    @IfMatch() expected: ExpectedVersion | undefined,
    @Body({ schema: NewVersion }) body: NewVersion,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VersionView> {
    const version = await this.versions.add(body, expected);
    void reply.header('location', `/configuration/versions/${version.number}`);
    return version;
  }

  @Get('versions/:number')
  @ApiOperation({ summary: 'Read a version with its document', operationId: 'getVersion' })
  @ApiResponse({ status: 200, standardSchema: FullVersionView })
  get(@Param('number', { schema: VersionNumber }) number: number): Promise<FullVersionView> {
    return this.versions.get(number);
  }

  @Post('versions/:number/publish')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put a version in force that is kept already', operationId: 'publishVersion' })
  @ApiResponse({ status: 200, standardSchema: PublicationView })
  publish(
    @Param('number', { schema: VersionNumber }) number: number,
    @IfMatch() expected: ExpectedVersion | undefined,
    @Body({ schema: Publication }) body: Publication,
  ): Promise<PublicationView> {
    return this.versions.publish(number, body, expected);
  }

  @Post('rollback')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put in force what was in force before', operationId: 'rollBackConfiguration' })
  @ApiResponse({ status: 200, standardSchema: PublicationView })
  rollBack(
    @IfMatch() expected: ExpectedVersion | undefined,
    @Body({ schema: RollBack }) body: RollBack,
  ): Promise<PublicationView> {
    return this.versions.rollBack(body, expected);
  }

  @Get('publications')
  @ApiOperation({
    summary: 'Tell which version was put in force when, by whom and why',
    operationId: 'listPublications',
  })
  @ApiResponse({ status: 200, standardSchema: PublicationList })
  publications(): Promise<PublicationList> {
    return this.versions.publications();
  }
}
