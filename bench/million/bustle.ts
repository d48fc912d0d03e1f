import { setTimeout as wait } from 'node:timers/promises';

import type { Caller } from '../client/people.js';
import { callApi } from './call-api.js';

export interface Bustle {
  readonly statuses: Map<number, number>;
  readonly times: Map<string, number[]>;
}

const list = (query: Record<string, string>): string => `/projects?${new URLSearchParams(query).toString()}`;

/** Every order, every field of a filter, and what is worst of both. */
const calls: readonly string[] = [
  '/dashboard',
  list({ pageSize: '100' }),
  ...['name', 'status', 'createdAt', 'updatedAt'].flatMap((field) =>
    ['asc', 'desc'].map((direction) => list({ orderBy: `${field} ${direction}` })),
  ),
  list({ orderBy: 'status, updatedAt desc' }),
  list({ orderBy: 'status desc, name' }),
  list({ filter: 'name : "nowhere to be found"' }),
  list({ filter: 'description : "nowhere to be found"', orderBy: 'name' }),
  list({ filter: 'description : "ΝΟΝΕ"', orderBy: 'status' }),
  list({ filter: 'name != "x" AND description != "y" AND description : "zzz"', orderBy: 'updatedAt' }),
  list({ filter: 'name = "project 000001 of the month"' }),
  list({ filter: 'description = "nothing"' }),
  list({ filter: 'status = archived' }),
  list({ filter: 'status = archived', orderBy: 'name' }),
  list({ filter: 'status = active', orderBy: 'updatedAt' }),
  list({ filter: 'status != active', orderBy: 'updatedAt desc' }),
  list({ filter: 'ownerId = "somebody 000186a0"', orderBy: 'name' }),
  list({ filter: 'ownerId != "somebody 000186a0"', orderBy: 'updatedAt' }),
  list({ filter: 'createdAt < "2020-01-01T00:00:00Z"' }),
  list({ filter: 'updatedAt > "2020-01-01T00:00:00Z"', orderBy: 'createdAt' }),
  list({ filter: 'updatedAt < "2020-01-01T00:00:00Z"', orderBy: 'name desc' }),
];

/** Calls one after another, three pages of each list, until told to stop; who is told to wait waits. */
export async function bustle(
  url: string,
  caller: Caller,
  tenantId: string,
  first: number,
  { statuses, times }: Bustle,
  stop: AbortSignal,
): Promise<void> {
  const from = { address: `10.1.0.${first + 1}`, tenantId };
  const stopped = (): boolean => stop.aborted;
  for (let n = first * 7; !stopped(); n += 1) {
    const path = calls[n % calls.length] ?? '/dashboard';
    let token = '';
    for (let page = 0; page < 3 && !stopped(); page += 1) {
      const place = token === '' ? path : `${path}&pageToken=${token}`;
      const { status, body, retryAfter, tookMs } = await callApi(url, caller, 'GET', place, undefined, from);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429 || status === 0) await wait(retryAfter * 1_000);
      else {
        const name = decodeURIComponent(path).replaceAll('+', ' ');
        times.set(name, [...(times.get(name) ?? []), tookMs]);
      }
      token = status === 200 ? (body['nextPageToken'] ?? '') : '';
      if (token === '') break;
    }
  }
}
