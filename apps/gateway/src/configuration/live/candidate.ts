import { ConfigError, type Environment } from '@libs/config';

import type { ConfigurationDocument } from '../document/configuration-document.js';
import { parseApart } from '../document/parse-apart.js';
import type { ParsedConfiguration } from '../document/read-configuration.js';
import { compileSnapshot } from '../../runtime/snapshot.js';

/**
 * A configuration that might be put in force. What is wrong with it is found out as completely as when it was: it is
 * compiled, too. Throws a `ConfigError`.
 */
export async function readCandidate(
  document: Pick<ConfigurationDocument, 'text' | 'place' | 'folder'>,
  environment: Environment,
): Promise<ParsedConfiguration> {
  const parsed = await parseApart(document, environment);
  try {
    compileSnapshot(parsed.configuration);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ source: document.place, line: 0, column: 0, path: '', message }]);
  }
  return parsed;
}
