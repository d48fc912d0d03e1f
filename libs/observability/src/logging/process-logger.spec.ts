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
    { err: Object.assign(new Error('bad'), { sql: "SET a = 'hunter2'", parameters: ['hunter2'], query: 'hunter2' }) },
    { err: new Error('bad', { cause: Object.assign(new Error('worse'), { driverError: { sqlMessage: 'hunter2' } }) }) },
    {
      err: Object.assign(new Error("Duplicate entry 'o\n\"hunter2' for key 'x' for key 'name'"), {
        code: 'ER_DUP_ENTRY',
      }),
    },
    { err: new Error("Incorrect integer value: 'it's hunter2' for column `a`.`b` at row 1") },
    { err: new Error("Truncated incorrect DOUBLE value: 'hunter2'") },
    { err: new Error("check the manual for the right syntax to use near 'hunter2', 'a')' at line 1") },
    { msg: 'token eyJhbGciOiJub25lIn0.eyJodW50ZXIyIn0xhunter2.hunter2' },
  ])('does not tell the secret in %j', (entry) => {
    logger.error(entry);
    expect(lines.at(-1)).not.toContain('hunter2');
  });

  it('says of an error what it is, where it happened and what caused it', () => {
    const cause = Object.assign(new Error("Duplicate entry 'alice' for key 'user_name'"), { code: 'ER_DUP_ENTRY' });
    logger.error({ err: new TypeError('cannot be written', { cause }) });
    expect(lastLine()['err']).toEqual({
      type: 'TypeError',
      message: 'cannot be written',
      stack: expect.stringContaining('process-logger.spec'),
      cause: {
        type: 'Error',
        code: 'ER_DUP_ENTRY',
        message: "Duplicate entry '[value]' for key 'user_name'",
        stack: expect.stringMatching(/^Error: Duplicate entry '\[value\]' for key 'user_name'\n +at /),
      },
    });
  });

  it.each([
    { thrown: 'text', type: 'string', message: 'text' },
    { thrown: { secret: 'x' }, type: 'Object', message: '' },
    { thrown: null, type: 'object', message: 'null' },
  ])('tells what was thrown, if it was no error: $thrown', ({ thrown, type, message }) => {
    logger.error({ err: thrown });
    expect(lastLine()['err']).toEqual({ type, message });
  });

  it('comes to an end with an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    logger.error({ err: error });
    expect(lastLine()['err']).toMatchObject({ message: 'round', cause: { message: 'round' } });
  });

  it('writes one line per entry, whatever the text holds', () => {
    logger.info({ path: '/a\n{"level":"fatal"}' }, 'forged\r\nline');
    expect(lines.at(-1)?.trimEnd()).not.toContain('\n');
    expect(lastLine()['msg']).toBe('forged\r\nline');
  });
});
