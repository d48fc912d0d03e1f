import { ConfigError, type Environment } from '@libs/config';
import { openWhenThere } from '@libs/persistence';

import type { Loaded } from './configuration-status.js';
import type { Kept } from './kept-copy.js';
import { parseConfiguration } from './read-configuration.js';
import type { ConfigurationSource } from './sources/configuration-source.js';

export interface FirstConfiguration extends Loaded {
  /** Why the source could not be used, and the kept copy stands in for it. */
  readonly failure?: unknown;
}

/**
 * What a gateway starts with. A bad file stops the start; a store that is away or holds something bad does not, if there
 * is a copy. Without one a database is waited for, as everywhere.
 */
export async function firstConfiguration(
  source: ConfigurationSource,
  kept: Kept | undefined,
  environment: Environment,
): Promise<FirstConfiguration> {
  const load = (): Promise<FirstConfiguration> => loaded(source, environment);
  try {
    return await (kept === undefined ? openWhenThere(load) : load());
  } catch (failure) {
    if (!source.mayBeAway) throw failure;
    if (kept === undefined) throw withoutCopy(source, failure);
    const { document } = kept;
    return { document, ...parseConfiguration(document, environment), failure };
  }
}

async function loaded(source: ConfigurationSource, environment: Environment): Promise<FirstConfiguration> {
  const document = await source.load();
  return { document, ...parseConfiguration(document, environment) };
}

function withoutCopy({ kind, identity }: ConfigurationSource, failure: unknown): unknown {
  if (failure instanceof ConfigError) return failure;
  const reason = failure instanceof Error ? failure.message : String(failure);
  const message = `There is no configuration yet: the ${kind} (${identity}) cannot be read, and no copy was kept: ${reason}`;
  return new Error(message, { cause: failure });
}
