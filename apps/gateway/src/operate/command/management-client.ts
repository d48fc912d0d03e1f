import type { GatewayConfiguration } from '../../configuration/schema/gateway-configuration.schema.js';
import { CommandError } from './command-line.js';

/** Where a gateway with this configuration listens for operators. */
export const managementUrl = ({ management: { host, port } }: GatewayConfiguration): string => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
};

interface Problem {
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

const troubleExitCode = 2;

/** Asks a gateway that runs. Throws a `CommandError` that says why it did not answer. */
export async function askGateway<T>(url: string, token: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    const { cause, message } = error as { cause?: { code?: string }; message: string };
    const text = `The gateway at ${url} cannot be asked: ${cause?.code ?? message}`;
    throw new CommandError(text, troubleExitCode, { cause: error });
  });
  if (answer.ok) return (await answer.json()) as T;
  const { title, detail, errors = [] } = (await answer.json()) as Problem;
  const lines = errors.map(({ field, message }) => `  ${field}: ${message}`);
  throw new CommandError([`The gateway refuses: ${detail ?? title}`, ...lines].join('\n'), troubleExitCode);
}
