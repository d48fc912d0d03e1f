import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { invalidField, Refusal } from '@libs/errors';
import { Access } from '@libs/trusted-headers';

import { AppInfo } from './app-info.js';
import { type StatusReply, withStatus } from './health.controller.js';
import { Health, type HealthReport } from './health.js';
import { findMetric, type MetricReport, reportMetric, type TagFilter } from './metric-report.js';
import { Metrics } from './metrics.js';

const endpoints = {
  self: '',
  health: '/health',
  'health-path': '/health/{*path}',
  info: '/info',
  metrics: '/metrics',
  'metrics-requiredMetricName': '/metrics/{requiredMetricName}',
  prometheus: '/prometheus',
};

/** What operators and dashboards read, in the shapes of Spring Boot's actuator. For the management port only. */
@Controller('actuator')
@Access('unsealed')
@ApiExcludeController()
export class ActuatorController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly app: AppInfo,
  ) {}

  @Get()
  index(@Req() request: { protocol: string; host: string }): object {
    const root = `${request.protocol}://${request.host}/actuator`;
    const links = Object.entries(endpoints).map(([name, path]) => [
      name,
      { href: `${root}${path}`, templated: path.includes('{') },
    ]);
    return { _links: Object.fromEntries(links) };
  }

  @Get('health')
  async overall(@Res({ passthrough: true }) reply: StatusReply): Promise<HealthReport & { groups: string[] }> {
    const report = await this.health.readiness();
    withStatus(reply, report);
    return { ...report, groups: ['liveness', 'readiness'] };
  }

  @Get('health/liveness')
  async liveness(@Res({ passthrough: true }) reply: StatusReply): Promise<HealthReport> {
    return withStatus(reply, await this.health.liveness());
  }

  @Get('health/readiness')
  async readiness(@Res({ passthrough: true }) reply: StatusReply): Promise<HealthReport> {
    return withStatus(reply, await this.health.readiness());
  }

  @Get('info')
  info(): object {
    const { name, version, startedAt } = this.app;
    return {
      app: { name, version },
      runtime: { name: 'node', version: process.versions.node },
      process: { pid: process.pid, startedAt: startedAt.toISOString(), uptimeSeconds: Math.floor(process.uptime()) },
    };
  }

  @Get('metrics')
  async names(): Promise<{ names: string[] }> {
    return { names: (await this.metrics.read()).map(({ name }) => name).toSorted() };
  }

  @Get('metrics/:name')
  async metric(@Param('name') name: string, @Query('tag') tag?: string | string[]): Promise<MetricReport> {
    const metric = findMetric(await this.metrics.read(), name);
    const report = metric === undefined ? undefined : reportMetric(metric, tagFilter(tag));
    if (report === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { detail: 'There is no such metric.' });
    return report;
  }

  @Get('prometheus')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async prometheus(): Promise<string> {
    return (await this.metrics.render()).text;
  }
}

/** `tag=status:200`, as often as one likes. */
function tagFilter(tags: string | string[] | undefined): TagFilter {
  const pairs = [tags ?? []].flat().map((text) => {
    const end = text.indexOf(':');
    if (end < 1) throw invalidField('tag', 'INVALID_FORMAT', 'Write it as name:value.');
    return [text.slice(0, end), text.slice(end + 1)];
  });
  return Object.fromEntries(pairs) as TagFilter;
}
