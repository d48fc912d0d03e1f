import { Readable } from 'node:stream';

import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { Refusal } from '@libs/errors';
import { Idempotency } from '@libs/persistence';
import { Access } from '@libs/trusted-headers';

import { TableBody } from './table-body.js';
import { UserExportService } from './user-export.service.js';
import { type ImportReport, UserImportService } from './user-import.service.js';

const ExportQuery = z.strictObject({ filter: z.string().max(1000).optional() });
type ExportQuery = z.output<typeof ExportQuery>;

/** Users by the table. `::` is a colon in a route path. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal')
export class UserTablesController {
  constructor(
    private readonly imports: UserImportService,
    private readonly exports: UserExportService,
  ) {}

  @Post('users::import')
  @Idempotency('saga')
  @HttpCode(200)
  import(@Body() body: unknown): Promise<ImportReport> {
    if (!(body instanceof TableBody)) throw new Refusal('REQUEST_MEDIA_TYPE_UNSUPPORTED', { detail: 'Send text/csv.' });
    return this.imports.import(body.read());
  }

  /** A filter that is wrong is refused before the answer begins. */
  @Get('users::export')
  async export(@Query({ schema: ExportQuery }) { filter }: ExportQuery, @Res() reply: FastifyReply): Promise<void> {
    const pages = this.exports.csv(filter);
    const first = await pages.next();
    const whole = (async function* () {
      if (first.done !== true) yield first.value;
      yield* pages;
    })();
    await reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', 'attachment; filename="users.csv"')
      .send(Readable.from(whole));
  }
}
