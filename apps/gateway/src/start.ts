import { Logger } from '@nestjs/common';

import { type AskTime, ComparedClock } from '@libs/clock';
import { type Environment, environmentWith, loadOrCreateSecrets, randomKey } from '@libs/config';
import { EventBus } from '@libs/events';
import { GrpcClients } from '@libs/grpc';
import { ownCertificateIn, ownCertificatesAreGood } from '@libs/mutual-tls';
import { ReadinessChecks, runAsService, ServiceLogger } from '@libs/observability';
import { RateLimiter } from '@libs/rate-limits';
import { RedisHealth } from '@libs/redis';
import { compareClocks, type RunningService, serve } from '@libs/service';

import { gatewayEndpoints } from './operate/actuator/gateway-actuator.js';
import { ConfigurationStatus } from './configuration/live/configuration-status.js';
import { Snapshots } from './runtime/snapshots.js';
import { createGateway } from './create-gateway.js';
import type { GatewayOptions } from './gateway-options.js';
import { greetIdentityServices, identityDetails, identityServices } from './identity-services.js';
import { ManagementApiModule } from './operate/management/management-api.module.js';
import type { GatewaySettings } from './settings/settings.js';
import { startConfiguration } from './start-configuration.js';

/** Starts the gateway that the settings name. `environment` is what `${NAME}` in its configuration file refers to. */
export const startGateway = (
  settings: GatewaySettings,
  environment: Environment = environmentWith({}),
  { sharesClock = false }: Pick<GatewayOptions, 'sharesClock'> = {},
): Promise<RunningService> =>
  runAsService('gateway', async () => {
    // What happens before there is an application is told in the same form.
    Logger.overrideLogger(new ServiceLogger({ service: 'gateway', level: settings.logLevel }));
    const {
      sealKey = keptSealKey(settings.dataDir),
      managementToken = keptToken(settings.dataDir),
      ...rest
    } = settings;
    const certificate = ownCertificateIn(settings);
    const configured = await startConfiguration(settings, environment);
    const clock = new ComparedClock(settings.clockLeewayMs);
    return openGateway({ ...rest, ...configured, sealKey, managementToken, certificate, clock, sharesClock });
  });

/** Opens the public port and the management port of a gateway; both answer when the promise resolves. */
export const openGateway = (options: GatewayOptions): Promise<RunningService> =>
  runAsService('gateway', async () => {
    const { listen, management } = options.configuration;
    const app = await createGateway(options);
    const readiness = app.get(ReadinessChecks);
    if (options.certificate !== undefined || listen.tls !== undefined) {
      readiness.add('certificate', () => ownCertificatesAreGood());
    }
    // A bad source is no reason to be given no requests: the last good configuration goes on.
    const status = app.get(ConfigurationStatus, { strict: false });
    readiness.add('configuration', async () => status.details());
    // Nor is Redis: without it this process counts by itself, and remembers nobody for longer than a second.
    const limiter = app.get(RateLimiter, { strict: false });
    const events = app.get(EventBus, { strict: false });
    if (app.get(RedisHealth, { strict: false }).configured) {
      readiness.add('redis', async () => ({
        limits: limiter.isAlone ? 'own-share' : 'shared',
        events: events.connected ? 'heard' : 'unheard',
      }));
    }
    // Nor are the services that know the callers: those that this gateway remembers go on, and so does what needs nobody.
    const clients = app.get(GrpcClients, { strict: false });
    const snapshots = app.get(Snapshots, { strict: false });
    readiness.add('identity', async () => identityDetails(clients, snapshots.current.configuration));
    const clock = app.get(ComparedClock, { strict: false });
    const redis = app.get(RedisHealth, { strict: false });
    // The times that are checked here are those of auth-service: its clock decides.
    if (options.sharesClock !== true) clock.add('auth-service', issuerTime(clients, snapshots), { decides: true });
    if (redis.configured) clock.add('redis', () => redis.time());
    await greetIdentityServices(clients, options.configuration);
    return serve({
      name: 'gateway',
      app,
      settings: {
        httpHost: listen.host,
        httpPort: listen.port,
        managementHost: management.host,
        managementPort: management.port,
        drainDelayMs: options.drainDelayMs ?? 0,
        managementToken: options.managementToken,
      },
      management: ManagementApiModule.of(app, options, options.managementToken),
      certificate: options.certificate,
      beforeOpening: () => compareClocks(app, clock),
      endpoints: gatewayEndpoints,
    });
  });

/** Asked only while the configuration in force has it asked who the callers are. */
const issuerTime =
  (clients: GrpcClients, snapshots: Snapshots): AskTime =>
  async () =>
    identityServices(snapshots.current.configuration).includes('auth-service')
      ? clients.timeOf('auth-service')
      : undefined;

/** In front of services that do not check seals nobody needs to hand out a key, but there is never a known one. */
const keptSealKey = (dataDir: string): Buffer =>
  Buffer.from(loadOrCreateSecrets(dataDir, { 'seal-key': randomKey })['seal-key'], 'base64url');

/** Where nothing can be kept the management API stays shut, and the gateway does its work. */
function keptToken(dataDir: string): string | undefined {
  try {
    return loadOrCreateSecrets(dataDir, { 'management-token': randomKey })['management-token'];
  } catch (error) {
    new Logger('Management').warn({ msg: 'no token can be kept, so nobody may call the management API', err: error });
    return undefined;
  }
}
