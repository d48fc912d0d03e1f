import { Readable } from 'node:stream';

import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

import { ListQuery } from '@libs/persistence';
import { Access } from '@libs/trusted-headers';

import { sendExport } from './audit-export.js';
import { AuditReader } from './audit-reader.js';
import { type AuditPage, ExportQuery } from './audit-view.js';
import { type ChainReport, ChainVerifier } from './chain-verifier.js';

/** Without a tenant, the chain of what belongs to none. */
const tenantId = z.union([z.uuid(), z.literal('')]).default('');
const ListChain = ListQuery.extend({ tenantId });
const ExportChain = ExportQuery.extend({ tenantId });
const VerifyChains = z.strictObject({ tenantId: z.union([z.uuid(), z.literal('')]).optional() });

/** The audit trail for operators. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/audit')
export class InternalAuditController {
  constructor(
    private readonly reader: AuditReader,
    private readonly verifier: ChainVerifier,
  ) {}

  @Get()
  list(@Query({ schema: ListChain }) { tenantId: chain, ...query }: z.infer<typeof ListChain>): Promise<AuditPage> {
    return this.reader.list(chain, query);
  }

  @Get('export')
  async export(
    @Query({ schema: ExportChain }) { tenantId: chain, format, filter }: z.infer<typeof ExportChain>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendExport(reply, format, this.reader.all(chain, filter));
  }

  /** One line of JSON for each chain, as soon as it is recomputed. */
  @Get('verification')
  async verify(
    @Query({ schema: VerifyChains }) { tenantId: chain }: z.infer<typeof VerifyChains>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { verifier } = this;
    const reports = chain === undefined ? verifier.verifyAll() : [await verifier.verify(chain)];
    await reply.header('content-type', 'application/x-ndjson').send(Readable.from(linesOf(reports)));
  }
}

async function* linesOf(reports: AsyncIterable<ChainReport> | Iterable<ChainReport>): AsyncGenerator<string> {
  for await (const report of reports) yield `${JSON.stringify(report)}\n`;
}
