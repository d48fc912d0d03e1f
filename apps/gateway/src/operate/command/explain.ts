import type { Snapshot } from '../../runtime/snapshot.js';
import { compileSnapshot } from '../../runtime/snapshot.js';
import { type AskedRequest, type Explanation, explainRequest } from '../explain/explain-request.js';
import { printExplanation } from '../explain/print-explanation.js';
import { type CommandLine, UsageError } from './command-line.js';
import { configurationFile, operatorToken } from './command-settings.js';
import { type Console, readOrTell } from './console.js';
import { askGateway, managementUrl } from './management-client.js';

/** Tells what would become of a request. Returns the exit code: 1 if no route takes it, 2 for trouble. */
export async function explain(line: CommandLine, console: Console): Promise<number> {
  const asked = requestOf(line);
  const explanation =
    line.live && line.gateway !== undefined
      ? await askRunning(line.gateway, asked, console)
      : await explainByFile(line, asked, console);
  if (explanation === undefined) return 2;
  if (line.json) console.print(JSON.stringify(explanation, null, 2));
  else for (const text of printExplanation(explanation)) console.print(text);
  return explanation.policies === undefined ? 1 : 0;
}

async function explainByFile(
  line: CommandLine,
  asked: AskedRequest,
  console: Console,
): Promise<Explanation | undefined> {
  const configuration = await readOrTell(configurationFile(line, console), console.environment, console.complain);
  if (configuration === undefined) return undefined;
  if (line.live) return askRunning(managementUrl(configuration), asked, console);
  const snapshot: Snapshot = compileSnapshot(configuration);
  return explainRequest(snapshot, asked);
}

const askRunning = (url: string, asked: AskedRequest, console: Console): Promise<Explanation> =>
  askGateway<Explanation>(url, operatorToken(console), '/explain', asked);

function requestOf({ arguments: [method, url, ...rest], headers, client }: CommandLine): AskedRequest {
  if (method === undefined || url === undefined || rest.length > 0) {
    throw new UsageError('explain takes a method and a URL, for instance: explain GET /projects');
  }
  return { method, url, headers: Object.fromEntries(headers.map(headerOf)), clientAddress: client };
}

function headerOf(text: string): readonly [string, string] {
  const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`-H takes 'Name: value', not ${text}`);
  return [name, value];
}
