import type { Command, Redis } from 'ioredis';

import { activeSpan } from '@libs/trusted-headers';

/** A span for each command of a request that is recorded, by the name of the command: keys and values may be secret. */
export function traceCommands(redis: Redis): Redis {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command: Command, stream) => {
    const span = activeSpan()?.begin(command.name.toUpperCase(), 'client', {
      'db.system.name': 'redis',
      'db.operation.name': command.name.toUpperCase(),
    });
    const answer = send(command, stream);
    if (span === undefined) return answer;
    command.promise.then(
      () => span.end(),
      () => {
        span.fail('failed');
        span.end();
      },
    );
    return answer;
  };
  return redis;
}
