import type { CommandLine } from './command-line.js';
import { configurationFile } from './command-settings.js';
import { type Console, readOrTell } from './console.js';

/** Finds every mistake of configuration files. Returns the exit code: 1 if there are any. */
export function check(line: CommandLine, console: Console): number {
  const files = line.arguments.length > 0 ? line.arguments : [configurationFile(line, console)];
  return Math.max(...files.map((file) => checkFile(file, console)));
}

function checkFile(file: string, console: Console): number {
  const configuration = readOrTell(file, console.environment, console.print);
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
