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

  /** How often health and management were asked while `work` went on; each time they answer 200. */
  const probesDuring = async (work: Promise<unknown>): Promise<number> => {
    let isOver = false;
    void work.finally(() => (isOver = true));
    let probes = 0;
    while (!isOver) {
      for (const url of [`${gateway.url}/health`, `${gateway.url}/ready`, `${gateway.management}/ready`]) {
        expect((await fetch(url)).status).toBe(200);
        probes += 1;
      }
      await wait(20);
    }
    return probes;
  };

  it('refuses early what it cannot do, answers the rest, and stays healthy', async () => {
    await start({ delay: '5ms', floor: 16 });
    await flood(gateway.port, 16, 2);

    const flooding = starved(gateway, flood(gateway.port, 1_000, 6));
    const probes = await probesDuring(flooding);
    const { statuses, withoutRetryAfter } = await flooding;

    expect(Object.keys(statuses).toSorted()).toEqual(['200', '503']);
    expect(withoutRetryAfter).toBe(0);
    expect(await gateway.metric('gateway_flagged_requests_total', { flag: 'overloaded' })).toBeGreaterThan(1_000);
    // How fast all of that is depends on the machine: `npm run bench:overload` measures it.
    expect(probes).toBeGreaterThan(3);

    await wait(6_000);
    const calm = await flood(gateway.port, 8, 1);
    expect(Object.keys(calm.statuses)).toEqual(['200']);
  });

  it('refuses nobody while it is only busy', async () => {
    // Far above what a machine that is busy otherwise keeps a process waiting.
    await start({ delay: '2s' });
    const { statuses } = await flood(gateway.port, 64, 4);
    expect(Object.keys(statuses)).toEqual(['200']);
  });
});
