import type { CommandLine } from './command-line.js';
import { configurationFile } from './command-settings.js';
import { type Console, readOrTell } from './console.js';

/** Finds every mistake of configuration files. Returns the exit code: 1 if there are any. */
export async function check(line: CommandLine, console: Console): Promise<number> {
  const files = line.arguments.length > 0 ? line.arguments : [configurationFile(line, console)];
  let code = 0;
  for (const file of files) code = Math.max(code, await checkFile(file, console));
  return code;
}

async function checkFile(file: string, console: Console): Promise<number> {
  const configuration = await readOrTell(file, console.environment, console.print);
  if (configuration === undefined) return 1;
  const { routes, services, rateLimits } = configuration;
  const counts = [
    `${routes.length} routes`,
    `${Object.keys(services).length} services`,
    `${Object.keys(rateLimits).length} limits`,
  ];
  console.print(`${file}: ${counts.join(', ')}, no mistakes`);
  return 0;
}
