import type { ServiceConfig } from '../../configuration/schema/service.schema.js';
import type { InstanceModel } from '../instance.js';
import { InstancePool } from './instance-pool.js';

/** A service behind the gateway, as compiled from the configuration. */
export interface Service {
  readonly name: string;
  readonly config: ServiceConfig;
  readonly models: readonly InstanceModel[];
  /** What moves: it is the same for every snapshot that names this service. */
  readonly pool: InstancePool;
}

/** Changes nothing about `previous`: its pool takes over the new configuration once that is in force. */
export function compileService(name: string, config: ServiceConfig, previous?: Service): Service {
  const models = config.instances.map(({ url, weight, backup }) => ({ origin: new URL(url).origin, weight, backup }));
  if (previous !== undefined) return { name, config, models, pool: previous.pool };
  const pool = new InstancePool(name, config);
  pool.adopt({ config, models });
  return { name, config, models, pool };
}
