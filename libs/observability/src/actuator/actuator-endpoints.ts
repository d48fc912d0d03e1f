import { Get, Header, Inject, Param, Query, Req, Res, UseInterceptors } from '@nestjs/common';

import { invalidField, Refusal } from '@libs/errors';

import { AppInfo } from './app-info.js';
import { Health, type HealthReport } from '../health/health.js';
import { type StatusReply, withStatus } from '../health/health.controller.js';
import { withoutDetails } from '../health/health-details.js';
import { Metrics } from '../metrics/metrics.js';
import { logLevels } from '../logging/process-logger.js';
import { ActuatorMediaType } from './actuator-media-type.js';
import { type ActuatorOptions, actuatorOptions } from './actuator-options.js';
import { reportInfo } from './info-report.js';
import {
  type LoggerGroupReport,
  type LoggerReport,
  type LoggersReport,
  membersOf,
  readLevel,
  reportGroup,
  reportLogger,
  reportLoggers,
  rootLogger,
} from './loggers-report.js';
import { findMetric, type MetricReport, reportMetric, type TagFilter } from './metric-report.js';

const endpoints = {
  self: '',
  health: '/health',
  'health-path': '/health/{*path}',
  info: '/info',
  metrics: '/metrics',
  'metrics-requiredMetricName': '/metrics/{requiredMetricName}',
  prometheus: '/prometheus',
  loggers: '/loggers',
  'loggers-name': '/loggers/{name}',
};

const loggerName = /^[\w$.:/@-]{1,100}$/;

export interface ActuatorRequest {
  readonly protocol: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * What operators and dashboards read, in the shapes of Spring Boot's actuator. Who may read it is for the port to say
 * that mounts it: each has a controller of its own, which also knows how a body is read there.
 */
@UseInterceptors(ActuatorMediaType)
export abstract class ActuatorEndpoints {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly app: AppInfo,
    @Inject(actuatorOptions) private readonly options: ActuatorOptions,
  ) {}

  @Get()
  index(@Req() { protocol, host }: ActuatorRequest): object {
    const root = `${protocol}://${host}/actuator`;
    const links = Object.entries({ ...endpoints, ...this.options.endpoints }).map(([name, path]) => [
      name,
      { href: `${root}${path}`, templated: path.includes('{') },
    ]);
    return { _links: Object.fromEntries(links) };
  }

  @Get('health')
  async overall(@Req() request: ActuatorRequest, @Res({ passthrough: true }) reply: StatusReply): Promise<object> {
    const report = this.shown(await this.health.readiness(), request);
    return { ...withStatus(reply, report), groups: ['liveness', 'readiness'] };
  }

  @Get('health/liveness')
  async liveness(@Res({ passthrough: true }) reply: StatusReply): Promise<HealthReport> {
    return withStatus(reply, await this.health.liveness());
  }

  @Get('health/readiness')
  async readiness(@Req() request: ActuatorRequest, @Res({ passthrough: true }) reply: StatusReply): Promise<object> {
    return withStatus(reply, this.shown(await this.health.readiness(), request));
  }

  @Get('health/:component')
  async component(
    @Param('component') name: string,
    @Req() request: ActuatorRequest,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<HealthReport> {
    const { components = {} } = this.shown(await this.health.readiness(), request);
    const component = Object.hasOwn(components, name) ? components[name] : undefined;
    if (component === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { detail: 'There is no such component.' });
    return withStatus(reply, component);
  }

  @Get('info')
  info(): object {
    return reportInfo(this.app);
  }

  @Get('metrics')
  async names(): Promise<{ names: string[] }> {
    return { names: (await this.metrics.read()).map(({ name }) => name).toSorted() };
  }

  @Get('metrics/:name')
  async metric(@Param('name') name: string, @Query('tag') tag?: string | string[]): Promise<MetricReport> {
    const metric = findMetric(await this.metrics.read(), name);
    const report = metric === undefined ? undefined : reportMetric(name, metric, tagFilter(tag));
    if (report === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { detail: 'There is no such metric.' });
    return report;
  }

  @Get('prometheus')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async prometheus(@Query('includedNames') names?: string | string[]): Promise<string> {
    const { text } = await this.metrics.render();
    return names === undefined ? text : onlyNamed(text, [names].flat().join(',').split(','));
  }

  @Get('loggers')
  loggers(): LoggersReport {
    return reportLoggers(logLevels());
  }

  @Get('loggers/:name')
  logger(@Param('name') name: string): LoggerReport | LoggerGroupReport {
    const report = reportGroup(logLevels(), name) ?? reportLogger(logLevels(), name);
    if (report === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { detail: 'There is no such logger.' });
    return report;
  }

  protected changeLevel(name: string, body: unknown): void {
    const wanted = readLevel(body);
    if (wanted === undefined) throw invalidField('configuredLevel', 'INVALID_VALUE', 'There is no such level.');
    if (name === rootLogger) return logLevels().setRoot(wanted.level);
    const members = membersOf(name);
    if (members !== undefined) return void members.forEach((member) => logLevels().set(member, wanted.level));
    if (!loggerName.test(name) || !logLevels().set(name, wanted.level)) {
      throw invalidField('name', 'INVALID_VALUE', 'A logger cannot be called that, or there are too many.');
    }
  }

  private shown(report: HealthReport, { headers }: ActuatorRequest): HealthReport {
    return this.options.maySeeDetails(headers) ? report : withoutDetails(report);
  }
}

/** Of the text of Prometheus, the metrics of these names. */
const onlyNamed = (text: string, names: readonly string[]): string =>
  text
    .split(/^(?=# HELP )/m)
    .filter((metric) => names.includes(/^# HELP (\S+)/.exec(metric)?.[1] ?? ''))
    .map((metric) => `${metric.trimEnd()}\n`)
    .join('');

/** `tag=status:200`, as often as one likes. */
function tagFilter(tags: string | string[] | undefined): TagFilter {
  const pairs = [tags ?? []].flat().map((text) => {
    const end = text.indexOf(':');
    if (end < 1) throw invalidField('tag', 'INVALID_FORMAT', 'Write it as name:value.');
    return [text.slice(0, end), text.slice(end + 1)];
  });
  return Object.fromEntries(pairs) as TagFilter;
}
