import { Resolver } from 'node:dns/promises';

import { FollowedFile } from './followed-file.js';
import { isNoSuchName, nameUnanswered, noSuchName } from './name-error.js';
import type { Address } from './names.js';
import { candidatesFor, parseSearchList, type SearchList } from './search-list.js';

export interface NameServersOptions {
  /** `address` or `address:port`; those of the system unless given. */
  readonly servers?: readonly string[];
  /** Where the system says which ones they are, and in which domains a short name is looked for. */
  readonly resolverFile?: string;
  /** So long the first question waits for its answer; the second and last one waits twice as long. */
  readonly questionMs?: number;
  readonly clock?: () => number;
}

export interface Addresses {
  readonly addresses: readonly Address[];
  /** How long the answer may be kept. */
  readonly ttlMs: number;
}

/** A name server that never answers about one family must not hold up what is known of the other (RFC 8305 §3). */
const otherFamilyMs = 50;

/** Asks the name servers by sockets of our own: `dns.lookup` holds one of the few threads of libuv while it waits. */
export class NameServers {
  private readonly settings: FollowedFile<{ readonly search: SearchList; readonly resolver: Resolver }>;

  constructor({
    servers = [],
    resolverFile = '/etc/resolv.conf',
    questionMs = 1_000,
    clock = () => performance.now(),
  }: NameServersOptions = {}) {
    const parse = (text: string) => {
      // It reads the addresses of the name servers when it is made.
      const resolver = new Resolver({ timeout: questionMs, tries: 2 });
      if (servers.length > 0) resolver.setServers(servers);
      return { search: parseSearchList(text), resolver };
    };
    this.settings = new FollowedFile(resolverFile, parse, clock);
  }

  /** All addresses under the first full name that there is, IPv4 before IPv6. Throws a `NameError`. */
  addresses(name: string): Promise<Addresses> {
    return this.search(name, addressesOf);
  }

  /**
   * Asks about each full name that the name may stand for, until there is one. That nobody answers about one of them
   * ends it: what a name means must not change with an outage.
   */
  async search<T>(name: string, ask: (resolver: Resolver, fullName: string) => Promise<T>): Promise<T> {
    const { search, resolver } = this.settings.current;
    for (const fullName of candidatesFor(name, search)) {
      try {
        return await ask(resolver, fullName);
      } catch (error) {
        if (!isAbsent(error)) throw unanswered(name, error);
      }
    }
    throw noSuchName(name);
  }
}

interface Outcome {
  readonly addresses: readonly Address[];
  readonly ttlMs: number;
  readonly error?: unknown;
}

async function addressesOf(resolver: Resolver, name: string): Promise<Addresses> {
  const outcomes = await bothOrOne(
    outcomeOf(resolver.resolve4(name, { ttl: true }), 4),
    outcomeOf(resolver.resolve6(name, { ttl: true }), 6),
  );
  const addresses = outcomes.flatMap((outcome) => outcome.addresses).toSorted((a, b) => a.family - b.family);
  if (addresses.length > 0) return { addresses, ttlMs: Math.min(...outcomes.map(({ ttlMs }) => ttlMs)) };
  throw outcomes.find(({ error }) => error !== undefined && !isAbsent(error))?.error ?? noSuchName(name);
}

const outcomeOf = (asked: Promise<{ address: string; ttl: number }[]>, family: 4 | 6): Promise<Outcome> =>
  asked.then(
    (records) => ({
      addresses: records.map(({ address }) => ({ address, family })),
      ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1_000,
    }),
    (error: unknown) => ({ addresses: [], ttlMs: Infinity, error }),
  );

/** Both; only one if that one has addresses and the other does not come soon after it. */
function bothOrOne(...families: readonly Promise<Outcome>[]): Promise<readonly Outcome[]> {
  return new Promise((resolve) => {
    const outcomes: Outcome[] = [];
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: Outcome): void => {
      outcomes.push(outcome);
      if (outcomes.length === families.length) {
        clearTimeout(timer);
        resolve(outcomes);
      } else if (outcome.addresses.length > 0) timer = setTimeout(() => resolve([outcome]), otherFamilyMs);
    };
    for (const family of families) void family.then(settle);
  });
}

const absent = new Set<unknown>(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EBADQUERY']);
const isAbsent = (error: unknown): boolean => absent.has((error as NodeJS.ErrnoException).code);

const unanswered = (name: string, error: unknown): Error =>
  isNoSuchName(error) ? noSuchName(name) : nameUnanswered(name, String((error as NodeJS.ErrnoException).code), error);
