import { readFileSync } from 'node:fs';

import { asWritten } from '../../configuration/document/as-written.js';
import { type Change, diffConfigurations } from '../../configuration/diff/diff-configurations.js';
import { printChanges } from '../../configuration/diff/print-changes.js';
import { type CommandLine, UsageError } from './command-line.js';
import { configurationFile, operatorToken } from './command-settings.js';
import { type Console, readOrTell } from './console.js';
import { askGateway, managementUrl } from './management-client.js';

/** Tells what would change. Returns the exit code, as of diff(1): 0 for nothing, 1 for something, 2 for trouble. */
export async function diff(line: CommandLine, console: Console): Promise<number> {
  const [file = configurationFile(line, console), other, ...rest] = line.arguments;
  if (rest.length > 0) throw new UsageError('diff takes two files at most.');
  const before = await readOrTell(file, console.environment, console.complain);
  const after = other === undefined ? undefined : await readOrTell(other, console.environment, console.complain);
  if (before === undefined || (other !== undefined && after === undefined)) return 2;

  const changes =
    after === undefined
      ? await changesOfRunning(line.gateway ?? managementUrl(before), file, console)
      : diffConfigurations(asWritten(before), asWritten(after));
  if (line.json) console.print(JSON.stringify(changes, null, 2));
  else if (changes.length === 0) console.print('no difference');
  else for (const text of printChanges(changes)) console.print(text);
  return changes.length === 0 ? 0 : 1;
}

/** The gateway reads the file itself: with its own environment it may mean something else. */
async function changesOfRunning(url: string, file: string, console: Console): Promise<readonly Change[]> {
  const document = readFileSync(file, 'utf8');
  const { changes } = await askGateway<{ changes: readonly Change[] }>(
    url,
    operatorToken(console),
    '/configuration/diff',
    { document },
  );
  return changes;
}
