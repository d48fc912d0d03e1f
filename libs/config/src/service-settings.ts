import { z } from 'zod';

import { processEnvironment } from './environment.js';
import { secret, setting } from './setting.js';

export interface ServicePorts {
  readonly http: number;
  readonly grpc: number;
  readonly management: number;
}

const peer = (variable: string, port: number) =>
  setting
    .hostPort()
    .default(`127.0.0.1:${port}`)
    .meta({ variable, description: 'gRPC address of that service, host:port' });

/** What every service is told by its environment. Spread it into an app's own `z.object({ … })`. */
export const serviceSettings = (ports: ServicePorts) => ({
  nodeEnv: setting
    .choice(['production', 'development', 'test'])
    .default('development')
    .describe('production hides gRPC reflection'),
  httpHost: setting.text().default('127.0.0.1').describe('address that the REST API listens on'),
  httpPort: setting.port().default(ports.http).describe('port of the REST API; 0 takes any free one'),
  grpcHost: setting.text().default('127.0.0.1').describe('address that the gRPC API listens on'),
  grpcPort: setting.port().default(ports.grpc).describe('port of the gRPC API; 0 takes any free one'),
  managementHost: setting.text().default('127.0.0.1').describe('address of /actuator'),
  managementPort: setting.port().default(ports.management).describe('port of /actuator; 0 takes any free one'),
  managementToken: secret(setting.text())
    .exactOptional()
    .describe('bearer token of operators: /actuator/health shows them why something is down; without it, nobody'),
  databaseUrl: secret(setting.url('mysql'))
    .exactOptional()
    .describe('mysql://user:password@host:3306/gatehouse; without it, SQLite files'),
  redisUrl: secret(setting.url('redis', 'rediss'))
    .exactOptional()
    .describe('redis://host:6379; without it, the state is in this process'),
  dataDir: setting.text().default('.data').describe('folder of SQLite files and of secrets made at the first start'),
  sealKey: setting
    .secretKey()
    .describe('32 bytes that all services share, from which the keys of identity seals are derived'),
  tlsCaFile: setting
    .text()
    .exactOptional()
    .describe('PEM: the authorities of all services; with it, all calls among them are mutual TLS'),
  tlsCertFile: setting
    .text()
    .exactOptional()
    .describe('PEM: the certificate of this process; followed when it changes'),
  tlsKeyFile: setting.text().exactOptional().describe('PEM: its private key'),
  clockLeewayMs: setting
    .durationMs()
    .pipe(z.number().min(100, 'must be at least 100ms').max(5_000, 'must be at most 5s: seals allow no more'))
    .default(5_000)
    .meta({
      variable: 'CLOCK_LEEWAY',
      description: 'how far the clock may be from those of the database, Redis and auth-service before /ready is 503',
    }),
  drainDelayMs: setting.durationMs().default(0).meta({
    variable: 'DRAIN_DELAY',
    description: 'how long a process that is told to stop goes on serving with /ready at 503, so that balancers notice',
  }),
  logLevel: setting
    .choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default(() => (processEnvironment()['NODE_ENV'] === 'test' ? 'silent' : 'info'))
    .describe('least severe level that is logged; info unless it is a test'),
  tracing: z.object({
    endpoint: setting.url('http', 'https').exactOptional().meta({
      variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      description: 'base URL of an OpenTelemetry collector (OTLP over HTTP); without it, nothing is traced',
    }),
    headers: secret(setting.text()).exactOptional().meta({
      variable: 'OTEL_EXPORTER_OTLP_HEADERS',
      description: 'what the collector asks for, name=value with commas between them',
      secret: true,
    }),
    ratio: setting.share().default(1).meta({
      variable: 'OTEL_TRACES_SAMPLER_ARG',
      description:
        'share of the traces that begin here and are recorded, 0 to 1; a caller that says is followed (clients of the gateway: see TRACES_BY_CLIENTS)',
    }),
  }),
  peers: z.object({
    'auth-service': peer('AUTH_SERVICE_GRPC', 5001),
    'tenant-service': peer('TENANT_SERVICE_GRPC', 5002),
    'project-service': peer('PROJECT_SERVICE_GRPC', 5003),
    'ecs-service': peer('ECS_SERVICE_GRPC', 5004),
  }),
});

export type ServiceSettings = z.output<z.ZodObject<ReturnType<typeof serviceSettings>>>;
export type Peers = ServiceSettings['peers'];
