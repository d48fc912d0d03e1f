import { jest } from '@jest/globals';

import type { AccessLine } from './access-line.js';
import { LoggedAccess } from './access-log-sink.js';

const line: AccessLine = {
  request_id: 'request-1',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  service: 'gateway',
  route: 'projects',
  method: 'GET',
  path: '/projects/1',
  status: 200,
  latency_ms: 1.5,
  upstream_ms: 1,
  instance: 'http://127.0.0.1:3003',
  user_id: 'user "alice"',
  tenant_id: 'tenant-1',
  client_address: '192.0.2.1',
  bytes_in: 0,
  bytes_out: 2,
  flag: '',
};

describe('LoggedAccess', () => {
  let written: string[];
  let log: LoggedAccess;
  const writtenLines = (): unknown[] => written.join('').trim().split('\n').map((text) => JSON.parse(text) as unknown); // prettier-ignore

  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') });
    written = [];
    log = new LoggedAccess('info', { write: (text) => written.push(text) });
  });

  afterEach(() => jest.useRealTimers());

  it('writes each line as the logger would, with level and time', () => {
    log.write(line);
    jest.advanceTimersByTime(20);
    expect(writtenLines()).toEqual([{ level: 'info', time: '2026-01-02T03:04:05.678Z', ...line }]);
  });

  it('writes lines of one moment together', () => {
    for (const route of ['first', 'second', 'third']) log.write({ ...line, route });
    expect(written).toEqual([]);
    jest.advanceTimersByTime(20);
    expect(written).toHaveLength(1);
    expect(writtenLines()).toMatchObject([{ route: 'first' }, { route: 'second' }, { route: 'third' }]);
  });

  it('does not wait when there are many, and loses none', () => {
    for (let index = 0; index < 100; index++) log.write({ ...line, status: 200 + index });
    expect(written.length).toBeGreaterThan(1);
    jest.advanceTimersByTime(20);
    expect(writtenLines().map((each) => (each as AccessLine).status)).toEqual(Array.from({ length: 100 }, (_, index) => 200 + index)); // prettier-ignore
  });

  it('writes what is left when the gateway stops', () => {
    log.write(line);
    log.onApplicationShutdown();
    expect(writtenLines()).toHaveLength(1);
  });

  it('writes nothing below the level', () => {
    expect(() => new LoggedAccess('silent', undefined).write(line)).not.toThrow();
  });
});
