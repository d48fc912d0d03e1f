import type { Command, Redis } from 'ioredis';

import type { Span, SpanAttributes } from '@libs/tracing';
import { activeSpan } from '@libs/trusted-headers';

/** In the words of OpenTelemetry. */
export const redisAttributes = ({ options }: Redis, operation: string): SpanAttributes => ({
  'db.system.name': 'redis',
  'db.namespace': String(options.db ?? 0),
  'db.operation.name': operation,
  'server.address': options.host,
  'server.port': options.port,
});

/** Redis begins what it refuses with a word: `WRONGTYPE`, `OOM`. The rest repeats what it was given. */
export function failedWith(span: Span, error: unknown): void {
  const [code] = /^[A-Z]{2,}\b/.exec((error as Error).message) ?? [];
  if (code !== undefined) span.set({ 'db.response.status_code': code });
  span.fail(code ?? 'failed');
}

/** A span for each command of a request that is recorded, by the name of the command: keys and values may be secret. */
export function traceCommands(redis: Redis): Redis {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command: Command, stream) => {
    const name = command.name.toUpperCase();
    const span = activeSpan()?.begin(name, 'client', redisAttributes(redis, name));
    const answer = send(command, stream);
    if (span === undefined) return answer;
    command.promise.then(
      () => span.end(),
      (error: unknown) => {
        failedWith(span, error);
        span.end();
      },
    );
    return answer;
  };
  return redis;
}
