import { ConfigError, type Environment } from '@libs/config';

import type { ConfigurationDocument } from './configuration-document.js';
import { parseApart } from './parse-apart.js';
import type { ParsedConfiguration } from './read-configuration.js';
import { compileSnapshot } from './snapshot.js';

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
