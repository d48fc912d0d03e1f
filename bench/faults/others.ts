import { setTimeout as wait } from 'node:timers/promises';

import type { Caller } from '../client/people.js';

/** What somebody who has nothing to do with a fault does all the time. */
export const kinds = {
  'lists projects': { method: 'GET', path: '/projects' },
  'makes projects': { method: 'POST', path: '/projects' },
  'lists instances': { method: 'GET', path: '/ecs/instances' },
} as const;
export type Kind = keyof typeof kinds;

export interface Seen {
  readonly times: number[];
  /** How often an answer was none of those wanted, by its status; 0 where there was no answer. */
  readonly failed: Map<number, number>;
}

// Within the limits of one user.
const pauseMs = 75;

/** The others: one connection for each kind, which asks, waits for the answer, and asks again soon. */
export class Others {
  private readonly stop = new AbortController();
  private readonly loops: readonly Promise<void>[];
  private seen = nothing();

  constructor(
    private readonly url: string,
    private readonly caller: Caller,
  ) {
    this.loops = (Object.keys(kinds) as Kind[]).map((kind) => this.loop(kind));
  }

  /** What they see from now on, for so long. */
  async during(ms: number): Promise<Record<Kind, Seen>> {
    const seen = (this.seen = nothing());
    await wait(ms);
    this.seen = nothing();
    return seen;
  }

  async leave(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.loops);
  }

  private async loop(kind: Kind): Promise<void> {
    for (let n = 0; !this.stop.signal.aborted; n += 1) {
      const began = performance.now();
      const status = await this.call(kind, n);
      // Of the time in which it was answered, not of the one in which it was asked.
      const { times, failed } = this.seen[kind];
      times.push(performance.now() - began);
      if (status !== 200 && status !== 201) failed.set(status, (failed.get(status) ?? 0) + 1);
      await wait(pauseMs);
    }
  }

  private async call(kind: Kind, n: number): Promise<number> {
    const { method, path } = kinds[kind];
    const name = `project ${process.pid} ${n} ${Date.now()}`;
    const body = method === 'POST' ? { body: JSON.stringify({ name, description: 'x'.repeat(1_000) }) } : {};
    const headers = {
      authorization: `Bearer ${this.caller.token}`,
      'content-type': 'application/json',
      // At an address of their own, by the word of the proxy that this process is.
      'x-forwarded-for': '192.0.2.1',
    };
    try {
      const answer = await fetch(this.url + path, { method, headers, ...body, signal: AbortSignal.timeout(15_000) });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  }
}

function nothing(): Record<Kind, Seen> {
  return Object.fromEntries(Object.keys(kinds).map((kind) => [kind, { times: [], failed: new Map() }])) as never;
}
