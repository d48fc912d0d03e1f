import { jest } from '@jest/globals';

import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { everythingTo, GatewayProcess } from '../support/gateway-process.js';
import { aTcpUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

interface Flood {
  readonly statuses: Readonly<Record<string, number>>;
  readonly withoutRetryAfter: number;
  /** Milliseconds, of the answers that were good. */
  readonly p50: number;
  readonly p99: number;
}

const flood = async (port: number, connections: number, seconds: number): Promise<Flood> => {
  const args = ['test/support/flood.mjs', port, connections, seconds].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1024 ** 2 });
  return JSON.parse(stdout) as Flood;
};

/** Lets a gateway run for a fifth of the time only, as long as `work` goes on: it falls behind on any machine. */
async function starved<T>(gateway: GatewayProcess, work: Promise<T>): Promise<T> {
  let isOver = false;
  void work.finally(() => (isOver = true));
  while (!isOver) {
    gateway.signal('SIGSTOP');
    await wait(20);
    gateway.signal('SIGCONT');
    await wait(5);
  }
  return work;
}

describe('a gateway that is flooded', () => {
  let upstream: Upstream;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    // It costs next to nothing: it is the gateway that falls behind.
    upstream = await aTcpUpstream((socket) => {
      socket.setEncoding('latin1');
      socket.on('data', (text: string) => {
        if (text.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
  });
  afterAll(() => upstream.close());
  afterEach(() => gateway.dispose());

  const start = async (adaptive: object): Promise<void> => {
    gateway = await GatewayProcess.start({
      ...everythingTo([upstream.url]),
      protection: { adaptive },
    });
  };

  /** The slowest that health and management answered, while `work` went on. */
  const slowestProbe = async (work: Promise<unknown>): Promise<number> => {
    let isOver = false;
    void work.finally(() => (isOver = true));
    let slowest = 0;
    while (!isOver) {
      for (const url of [`${gateway.url}/health`, `${gateway.url}/ready`, `${gateway.management}/ready`]) {
        const before = performance.now();
        expect((await fetch(url)).status).toBe(200);
        slowest = Math.max(slowest, performance.now() - before);
      }
      await wait(20);
    }
    return slowest;
  };

  it('refuses early what it cannot do, answers the rest in time, and stays healthy', async () => {
    await start({ delay: '5ms', floor: 16 });
    await flood(gateway.port, 16, 2);

    const flooding = starved(gateway, flood(gateway.port, 1_000, 6));
    const slowest = await slowestProbe(flooding);
    const { statuses, withoutRetryAfter, p50, p99 } = await flooding;

    expect(Object.keys(statuses).toSorted()).toEqual(['200', '503']);
    expect(withoutRetryAfter).toBe(0);
    expect(await gateway.metric('gateway_flagged_requests_total', { flag: 'overloaded' })).toBeGreaterThan(1_000);
    // How fast that is the machine decides, and what else it does; that nobody waits for a thousand others is shown.
    expect(slowest).toBeLessThan(5_000);
    expect(p50).toBeLessThan(2_000);
    expect(p99).toBeLessThan(5_000);

    await wait(6_000);
    const calm = await flood(gateway.port, 8, 1);
    expect(Object.keys(calm.statuses)).toEqual(['200']);
  });

  it('refuses nobody while it is only busy', async () => {
    await start({});
    const { statuses } = await flood(gateway.port, 64, 4);
    expect(Object.keys(statuses)).toEqual(['200']);
  });
});
