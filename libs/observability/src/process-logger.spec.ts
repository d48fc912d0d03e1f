import { anonymous, runInContext } from '@libs/trusted-headers';

import { createLogger } from './process-logger.js';
import { runAsService } from './service-scope.js';

const lines: string[] = [];
const logger = createLogger('info', 'gateway', { write: (line) => void lines.push(line) });
const lastLine = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

const context = { requestId: 'request-1', traceId: 'trace-1', traceparent: '', identity: anonymous };

describe('the log', () => {
  it('is JSON with the service, and with the ids of the request that is being served', () => {
    logger.info('outside');
    expect(lastLine()).toMatchObject({
      level: 'info',
      service: 'gateway',
      msg: 'outside',
      time: expect.stringMatching(/Z$/),
    });
    expect(lastLine()).not.toHaveProperty('request_id');

    runAsService('auth-service', () => runInContext(context, () => logger.info('inside')));
    expect(lastLine()).toMatchObject({ service: 'auth-service', request_id: 'request-1', trace_id: 'trace-1' });
  });

  it.each([
    { password: 'hunter2' },
    {
      headers: { authorization: 'Bearer hunter2', cookie: 'hunter2', 'x-api-key': 'hunter2', 'set-cookie': 'hunter2' },
    },
    { req: { headers: { authorization: 'hunter2' } } },
    { settings: { sealKey: 'hunter2', encryptionKey: 'hunter2' } },
    { body: { accessToken: 'hunter2', refreshToken: 'hunter2', apiKey: 'hunter2' } },
    { err: new Error('cannot reach mysql://root:hunter2@db:3306/gatehouse') },
    { err: new Error('bad header: Bearer hunter2') },
    { err: new Error('first', { cause: new Error('redis://:hunter2@cache') }) },
    { msg: 'token eyJhbGciOiJub25lIn0.eyJodW50ZXIyIn0xhunter2.hunter2' },
  ])('does not tell the secret in %j', (entry) => {
    logger.error(entry);
    expect(lines.at(-1)).not.toContain('hunter2');
  });

  it('writes one line per entry, whatever the text holds', () => {
    logger.info({ path: '/a\n{"level":"fatal"}' }, 'forged\r\nline');
    expect(lines.at(-1)?.trimEnd()).not.toContain('\n');
    expect(lastLine()['msg']).toBe('forged\r\nline');
  });
});
