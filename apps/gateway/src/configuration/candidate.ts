import { ConfigError, type Environment } from '@libs/config';

import type { ConfigurationDocument } from './configuration-document.js';
import type { GatewayConfiguration } from './gateway-configuration.schema.js';
import { parseApart } from './parse-apart.js';
import { compileSnapshot } from './snapshot.js';

/**
 * A configuration that might be put in force. What is wrong with it is found out as completely as when it was: it is
 * compiled, too. Throws a `ConfigError`.
 */
export async function readCandidate(
  document: Pick<ConfigurationDocument, 'text' | 'place' | 'folder'>,
  environment: Environment,
): Promise<GatewayConfiguration> {
  const configuration = await parseApart(document, environment);
  try {
    compileSnapshot(configuration);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ source: document.place, line: 0, column: 0, path: '', message }]);
  }
  return configuration;
}
