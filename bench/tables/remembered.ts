import { setTimeout as wait } from 'node:timers/promises';

import { touchEach } from '../client/touch.js';
import { runWrk } from '../client/wrk.js';
import { authorizationOf, routePath, startFullGateway, type StartedGateway } from '../subjects/gateway.js';
import { setUp } from '../subjects/surroundings.js';
import { markdownTable } from './markdown.js';

const KiB = 1024;

/** What a gateway needs to remember a caller: the verified token, the session and the account. */
export async function measureRemembered(callers: number): Promise<string> {
  const around = await setUp({ instances: 1 });
  try {
    const gateway = await startFullGateway(around, { routes: 10, instances: 1 });
    const requestOf = (user: number) => ({ path: routePath(0), headers: authorizationOf(around.tokens, user) });
    const idle = { url: gateway.url, requests: [requestOf(0)] };
    // What compiling and warming up takes is not theirs.
    await heapLow(gateway, idle);
    const before = await heapLow(gateway, idle);
    await touchEach({ url: gateway.url, requests: Array.from({ length: callers }, (_, user) => requestOf(user)) });
    const after = await heapLow(gateway, idle);
    return markdownTable(
      ['callers', 'heap before, MiB', 'heap after, MiB', 'KiB a caller'],
      [
        [
          String(callers),
          ...[before, after].map((bytes) => (bytes / KiB / KiB).toFixed(0)),
          ((after - before) / callers / KiB).toFixed(2),
        ],
      ],
    );
  } finally {
    await around.close();
  }
}

/** After a collection there is least: some load makes them come. */
async function heapLow({ managementUrl }: StartedGateway, target: Parameters<typeof runWrk>[0]): Promise<number> {
  const load = runWrk(target, { seconds: 12, connections: 16 });
  let low = Infinity;
  for (let n = 0; n < 110; n += 1) {
    await wait(100);
    const text = await (
      await fetch(`${managementUrl}/actuator/prometheus?includedNames=nodejs_heap_size_used_bytes`)
    ).text();
    low = Math.min(low, Number(/^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1] ?? Infinity));
  }
  await load;
  return low;
}
