import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Access } from '@libs/trusted-headers';

import { Health, type HealthReport } from './health.js';
import { forEverybody } from './health-details.js';

/** Whatever can carry a status: keeps the HTTP framework out of here. */
export interface StatusReply {
  status(code: number): unknown;
}

/** The probes that every server answers. They name what is down, but not why: this port may be public. */
@Controller()
@Access('unsealed')
@ApiExcludeController()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('health')
  @Header('cache-control', 'no-store')
  async live(@Res({ passthrough: true }) reply: StatusReply): Promise<HealthReport> {
    return withStatus(reply, await this.health.liveness());
  }

  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: StatusReply): Promise<HealthReport> {
    return withStatus(reply, forEverybody(await this.health.readiness()));
  }
}

export function withStatus(reply: StatusReply, report: HealthReport): HealthReport {
  reply.status(report.status === 'UP' ? 200 : 503);
  return report;
}
