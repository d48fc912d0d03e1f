import { parseArgs } from 'node:util';

const commands = ['serve', 'check', 'diff', 'explain'] as const;
type CommandName = (typeof commands)[number];

export interface CommandLine {
  readonly command: CommandName;
  readonly arguments: readonly string[];
  readonly config: string | undefined;
  readonly gateway: string | undefined;
  readonly headers: readonly string[];
  readonly client: string | undefined;
  readonly live: boolean;
  readonly json: boolean;
  readonly strict: boolean;
  readonly help: boolean;
}

/** Why a command cannot do its work, in a line for the operator. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What was typed makes no sense. EX_USAGE of sysexits.h. */
export class UsageError extends CommandError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 64, options);
  }
}

const options = {
  config: { type: 'string', short: 'c' },
  gateway: { type: 'string' },
  header: { type: 'string', short: 'H', multiple: true },
  client: { type: 'string' },
  live: { type: 'boolean' },
  json: { type: 'boolean' },
  strict: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Throws a `UsageError`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parsed(args);
  const [command = 'serve', ...rest] = positionals;
  if (!isCommand(command)) throw new UsageError(`There is no command ${command}. See --help.`);
  if (command === 'serve' && rest.length > 0) throw new UsageError('To serve a file, write --config FILE.');
  return {
    command,
    arguments: rest,
    config: values.config,
    gateway: values.gateway,
    headers: values.header ?? [],
    client: values.client,
    live: values.live ?? false,
    json: values.json ?? false,
    strict: values.strict ?? false,
    help: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

const isCommand = (text: string): text is CommandName => (commands as readonly string[]).includes(text);
