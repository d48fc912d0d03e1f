import { setTimeout as wait } from 'node:timers/promises';

import type { Caller } from '../client/people.js';
import { type Answer, callApi } from './call-api.js';

export interface Seen {
  readonly times: Map<string, number[]>;
  readonly statuses: Map<number, number>;
}

const everyMs = 50;

/** A call every 50 ms, whether or not the ones before are answered: who waits for them sees less of the bad moments. */
export async function steadyCalls(url: string, caller: Caller, forMs: number): Promise<Seen> {
  const seen: Seen = { times: new Map(), statuses: new Map() };
  const run = Math.random().toString(36).slice(2);
  let projectId = '';
  const call = (method: string, path: string, body?: object): Promise<Answer> =>
    callApi(url, caller, method, path, body, { address: '10.2.0.1' });
  const kinds: readonly [name: string, make: (n: number) => Promise<Answer>][] = [
    ['create', (n) => call('POST', '/projects', { name: `${run} ${n}` })],
    ['list', () => call('GET', '/projects')],
    ['read', () => call('GET', `/projects/${projectId}`)],
    ['search', () => call('GET', `/projects?filter=${encodeURIComponent('name : "a"')}&orderBy=name`)],
    ['dashboard', () => call('GET', '/dashboard')],
  ];
  // The first connections may have been closed at the other end.
  for (let n = 0; projectId === ''; n += 1) {
    projectId = (await call('POST', '/projects', { name: `${run} first ${n}` })).body['id'] ?? '';
  }

  const running: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n * everyMs < forMs; n += 1) {
    await wait(Math.max(0, began + n * everyMs - performance.now()));
    const [name, make] = kinds[n % kinds.length] as (typeof kinds)[number];
    running.push(
      make(n).then(({ status, tookMs }) => {
        seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1);
        seen.times.set(name, [...(seen.times.get(name) ?? []), tookMs]);
      }),
    );
  }
  await Promise.all(running);
  return seen;
}
