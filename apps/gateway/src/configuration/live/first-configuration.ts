import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { ConfigError, type Environment } from '@libs/config';
import { openWhenThere } from '@libs/persistence';

import type { Loaded } from './configuration-status.js';
import type { GoodConfiguration } from './last-good-configuration.js';
import { parseConfiguration } from '../document/read-configuration.js';
import type { ConfigurationSource } from '../sources/configuration-source.js';
import { SourceAway } from '../sources/source-away.js';

export interface FirstConfiguration extends Loaded {
  /** Why the source could not be used, and the last good configuration stands in for it. */
  readonly failure?: unknown;
}

const sayAgainAfter = 30;

/**
 * What a gateway starts with. A bad file stops the start; a store that is away or holds something bad does not, if there
 * is a copy. Without one a store is waited for: a database for as long as everywhere, Nacos for as long as it takes.
 */
export async function firstConfiguration(
  source: ConfigurationSource,
  kept: GoodConfiguration | undefined,
  environment: Environment,
  everyMs = 1_000,
): Promise<FirstConfiguration> {
  try {
    if (kept !== undefined) return await loaded(source, environment);
    return await openWhenThere(() => whenThere(source, environment, everyMs));
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

/**
 * Everything of a deployment is started at the same time, and a gateway without a configuration can do nothing but wait:
 * to end would only make somebody start it again. Why it waits is said once for each reason, and then now and again.
 */
async function whenThere(
  source: ConfigurationSource,
  environment: Environment,
  everyMs: number,
): Promise<FirstConfiguration> {
  const logger = new Logger('Configuration');
  let said = '';
  for (let attempt = 0; ; attempt++) {
    try {
      const found = await loaded(source, environment);
      if (said !== '') logger.log({ msg: `the ${source.kind} is there` });
      return found;
    } catch (error) {
      if (!(error instanceof SourceAway)) throw error;
      if (error.message !== said || attempt % sayAgainAfter === 0) {
        said = error.message;
        logger.warn({ msg: `waiting for the ${source.kind}, which has the configuration`, reason: said });
      }
      await sleep(everyMs);
    }
  }
}

function withoutCopy({ kind, identity }: ConfigurationSource, failure: unknown): unknown {
  if (failure instanceof ConfigError) return failure;
  const reason = failure instanceof Error ? failure.message : String(failure);
  const message = `There is no configuration yet: the ${kind} (${identity}) cannot be read, and no copy was kept: ${reason}`;
  return new Error(message, { cause: failure });
}
