import type { ServiceConfig } from '../../configuration/schema/service.schema.js';
import type { InstanceModel } from '../instance.js';
import { Roster } from './roster.js';

/** A service behind the gateway, as compiled from the configuration. */
export interface Service {
  readonly name: string;
  readonly config: ServiceConfig;
  readonly models: readonly InstanceModel[];
  /** What moves: it is the same for every snapshot that names this service. */
  readonly roster: Roster;
}

/** Changes nothing about `previous`: its roster takes over the new configuration once that is in force. */
export function compileService(name: string, config: ServiceConfig, previous?: Service): Service {
  const models = config.instances.map(({ url, weight, backup }) => ({ origin: new URL(url).origin, weight, backup }));
  if (previous !== undefined) return { name, config, models, roster: previous.roster };
  const roster = new Roster(name, config);
  roster.adopt({ config, models });
  return { name, config, models, roster };
}
