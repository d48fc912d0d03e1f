import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Refusal } from '@libs/errors';
import { Idempotency, ListQuery, type Page } from '@libs/persistence';
import { setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import { TableBody } from './table-body.js';
import type { UserImport } from './user-import.entity.js';
import { type ImportReportView, type UserImportView, viewImport, viewReport } from './user-import-view.js';
import { type ImportReport, UserImportsService } from './user-imports.service.js';

/** RFC 7240 §4.1. */
const respondAsync = /(?:^|,)\s*respond-async\s*(?:[,;]|$)/i;
const askAgainAfterS = 2;

/** Users from a table. `::` is a colon in a route path. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal')
export class UserImportsController {
  constructor(private readonly imports: UserImportsService) {}

  /** 200 with the whole report where the import is done; 202, and where to ask for it, where it goes on. */
  @Post('users::import')
  @Idempotency('saga')
  @HttpCode(202)
  async import(
    @Body() body: unknown,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ImportReportView> {
    if (!(body instanceof TableBody)) throw new Refusal('REQUEST_MEDIA_TYPE_UNSUPPORTED', { detail: 'Send text/csv.' });
    const isAnsweredAtOnce = prefer !== undefined && respondAsync.test(prefer);
    const accepted = (report: ImportReport): ImportReportView => {
      void reply.header('location', `/internal/user-imports/${report.import.id}`);
      return viewReport(report);
    };
    const report = await this.imports.start(body.read(), { isAnsweredAtOnce, accepted });
    if (isAnsweredAtOnce) void reply.header('preference-applied', 'respond-async');
    if (isEnded(report.import)) void reply.status(200);
    else void reply.header('retry-after', String(askAgainAfterS));
    return viewReport(report);
  }

  @Get('user-imports')
  async list(@Query({ schema: ListQuery }) query: ListQuery): Promise<Page<UserImportView>> {
    const { items, nextPageToken } = await this.imports.list(query);
    return { items: items.map(viewImport), nextPageToken };
  }

  @Get('user-imports/:id')
  async get(
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ImportReportView> {
    const report = await this.imports.report(id);
    setEtag(reply, report.import.version);
    if (!isEnded(report.import)) void reply.header('retry-after', String(askAgainAfterS));
    return viewReport(report);
  }
}

const isEnded = ({ state }: UserImport): boolean => state === 'done' || state === 'failed';
