import { environmentWith } from '@libs/config';

import { check } from './check.js';
import { type CommandLine, readCommandLine } from './command-line.js';
import type { Console } from './console.js';
import { diff } from './diff.js';
import { explain } from './explain.js';
import { usage } from './usage.js';

const terminal: Console = {
  environment: environmentWith({}),
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
};

const commands = { check, diff, explain };

/** Does what the command line says. `serve` starts the gateway. */
export async function run(serve: (line: CommandLine) => Promise<void>): Promise<void> {
  try {
    const line = readCommandLine(process.argv.slice(2));
    if (line.help) process.stdout.write(usage);
    else if (line.command === 'serve') await serve(line);
    else process.exitCode = await commands[line.command](line, terminal);
  } catch (error) {
    // Mistakes of the operator have one: their message says it all.
    if (!(error instanceof Error && 'exitCode' in error)) throw error;
    terminal.complain(error.message);
    process.exitCode = Number(error.exitCode);
  }
}
