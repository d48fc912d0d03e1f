import {
  type Environment,
  misspeltIn,
  processEnvironment,
  readSettings,
  type SettingMistake,
  SettingsError,
  settingMistakes,
} from '@libs/config';
import { mailDestination } from '@libs/mail';
import type { RunningService } from '@libs/service';

import { AuthSettings } from '../../auth-service/src/settings/settings.js';
import { startAuthService } from '../../auth-service/src/start.js';
import { EcsServiceSettings } from '../../ecs-service/src/settings.js';
import { startEcsService } from '../../ecs-service/src/start.js';
import { GatewaySettings } from '../../gateway/src/settings/settings.js';
import { startGateway } from '../../gateway/src/start.js';
import { ProjectServiceSettings } from '../../project-service/src/settings.js';
import { startProjectService } from '../../project-service/src/start.js';
import { TenantServiceSettings } from '../../tenant-service/src/settings.js';
import { startTenantService } from '../../tenant-service/src/start.js';
import { appEnvironment, type ServiceName, serviceNames } from './app-environment.js';
import { banner } from './banner.js';
import { lockFolder } from './folder-lock.js';
import { platformSecrets, throwawaySecrets } from './secrets.js';
import { PlatformSettings } from './settings.js';

const schemas = {
  'tenant-service': TenantServiceSettings,
  'auth-service': AuthSettings,
  'project-service': ProjectServiceSettings,
  'ecs-service': EcsServiceSettings,
  gateway: GatewaySettings,
};

const starters: Record<ServiceName, (environment: Environment) => Promise<RunningService>> = {
  'tenant-service': (environment) => startTenantService(readSettings(TenantServiceSettings, environment)),
  'auth-service': (environment) => startAuthService(readSettings(AuthSettings, environment)),
  'project-service': (environment) => startProjectService(readSettings(ProjectServiceSettings, environment)),
  'ecs-service': (environment) => startEcsService(readSettings(EcsServiceSettings, environment)),
};

/**
 * All five apps in one process, the gateway last. They meet over loopback as they would over a network:
 * what works here works when each is a process of its own.
 */
export async function startPlatform(): Promise<RunningService> {
  refuseMistakes();
  const settings = readSettings(PlatformSettings);
  const secrets = platformSecrets(settings);
  const unlockFolder = lockFolder(settings.dataDir);
  const environmentOf = (app: ServiceName | 'gateway'): Environment =>
    appEnvironment(app, settings, secrets.environment);

  const started: RunningService[] = [];
  const stop = async (): Promise<void> => {
    // In the reverse order: nobody is asked for something by those who are gone.
    for (const service of started.splice(0).toReversed()) await service.stop();
    unlockFolder();
  };

  try {
    for (const name of serviceNames) started.push(await starters[name](environmentOf(name)));
    const services = [...started];
    const environment = environmentOf('gateway');
    const gateway = await startGateway(readSettings(GatewaySettings, environment), environment, {
      sharesClock: true,
    });
    started.push(gateway);
    process.stdout.write(
      banner({
        gateway,
        services,
        storage: storageOf(environment, settings),
        mail: mailDestination(readSettings(AuthSettings, environmentOf('auth-service'))),
        state: environment['REDIS_URL'] ? 'Redis' : 'in this process',
        newAdmin: secrets.newAdmin,
      }),
    );
    secrets.adminWasShown();
    // The services are asked by this gateway alone: when it retires, all of it does.
    const retire = (): Promise<void> => gateway.retire();
    return { name: 'platform', http: gateway.http, grpc: '', management: gateway.management, retire, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Throws one `SettingsError` with the mistakes of all apps, before anything is started or written. */
function refuseMistakes(): void {
  const environment = processEnvironment();
  const own = settingMistakes(PlatformSettings, environment);
  // What is wrong is named once; the apps are asked about the rest.
  const wrong = Object.fromEntries(own.map(({ variable }) => [variable, undefined]));
  const settings = readSettings(PlatformSettings, { ...environment, ...wrong });
  const theirs = ([...serviceNames, 'gateway'] as const).flatMap((app) =>
    settingMistakes(schemas[app], { ...appEnvironment(app, settings, throwawaySecrets()), ...wrong }),
  );
  if (own.length + theirs.length === 0) return;
  const misspelt = [PlatformSettings, ...Object.values(schemas)].flatMap((schema) => misspeltIn(schema, environment));
  const mistakes = new Map<string, SettingMistake>();
  // Settings that several apps read are named once.
  for (const mistake of [...own, ...theirs, ...misspelt].toReversed()) mistakes.set(mistake.variable, mistake);
  throw new SettingsError([...mistakes.values()].toReversed());
}

const storageOf = (environment: Environment, { dataDir }: PlatformSettings): string =>
  environment['DATABASE_URL'] ? `MySQL at ${new URL(environment['DATABASE_URL']).host}` : `SQLite files in ${dataDir}/`;
