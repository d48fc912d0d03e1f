import { Readable } from 'node:stream';

import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { Access } from '@libs/trusted-headers';

import { UserExportService } from './user-export.service.js';

const ExportQuery = z.strictObject({ filter: z.string().max(1000).optional() });
type ExportQuery = z.output<typeof ExportQuery>;

/** Users as a table. `::` is a colon in a route path. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal')
export class UserExportsController {
  constructor(private readonly exports: UserExportService) {}

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
