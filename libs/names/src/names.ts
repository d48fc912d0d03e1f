import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

import { Logger, type LoggerService } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { FollowedFile } from './followed-file.js';
import { type Hosts, parseHosts } from './hosts-file.js';
import { isNoSuchName, nameUnanswered, noSuchName } from './name-error.js';
import { type Addresses, NameServers, type NameServersOptions } from './name-servers.js';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface NamesOptions extends NameServersOptions {
  /** What stands in it wins. */
  readonly hostsFile?: string;
  /** How many names are known, and how many are asked for, at a time. */
  readonly capacity?: number;
  readonly logger?: Pick<LoggerService, 'log' | 'warn'>;
}

/**
 * However long an answer says that it is good, what has moved is found again soon: docker says ten minutes for
 * containers that may be replaced in seconds.
 */
const longestKeptMs = 5_000;
/** However short: many who connect at once ask once. */
const shortestKeptMs = 1_000;
/** While nobody answers, what was last known is better than nothing. */
const lastGoodMs = 300_000;
/** So long those wait who could be served with what was last known. */
const patienceWithLastGoodMs = 250;
/** So long those wait who could not. */
const patienceMs = 5_000;
/** So long nobody asks again about what there was no answer to, or no name. */
const restAfterFailureMs = 1_000;

interface Known {
  /** Undefined until there is an answer. */
  readonly good?: Addresses & { readonly since: number };
  /** How the last question ended, if it did not end well. */
  readonly failure?: { readonly error: unknown; readonly until: number };
  /** How many connections were opened by it. */
  turn: number;
}

const loopback: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * The addresses behind names, for all that opens connections. A name server that is silent about one name costs those who
 * want that name a bounded time, and nobody else anything: no thread is held, who wants the same joins, and what was
 * last known goes on while there is no answer.
 */
export class Names {
  private readonly clock: () => number;
  private readonly hosts: FollowedFile<Hosts>;
  private readonly servers: NameServers;
  private readonly capacity: number;
  private readonly logger: Pick<LoggerService, 'log' | 'warn'>;
  private readonly known: LRUCache<string, Known>;
  private readonly asking = new Map<string, Promise<Addresses>>();
  private readonly find = callbackify((name: string) => this.inTurn(name));

  constructor({ hostsFile = '/etc/hosts', capacity = 1_000, logger, ...options }: NamesOptions = {}) {
    this.clock = options.clock ?? (() => performance.now());
    this.hosts = new FollowedFile(hostsFile, parseHosts, this.clock);
    this.servers = new NameServers(options);
    this.capacity = capacity;
    this.logger = logger ?? new Logger('Names');
    this.known = new LRUCache({ max: capacity });
  }

  /** As `dns.lookup`, for whatever takes such a function. Those who ask one after the other begin with another address. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    const family = familyOf(options.family);
    this.find(hostname, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const fitting = family === 0 ? addresses : addresses.filter((one) => one.family === family);
      const [first] = fitting;
      if (first === undefined) callback(noSuchName(hostname), '');
      else if (options.all === true) callback(null, [...fitting]);
      else callback(null, first.address, first.family);
    });
  };

  /** `notOlderThanMs`: for who has reason to doubt what is known. */
  async addresses(name: string, notOlderThanMs = Infinity): Promise<readonly Address[]> {
    const family = isIP(name);
    if (family !== 0) return [{ address: name, family: family as 4 | 6 }];
    const key = name.toLowerCase();
    const plain = key.replace(/\.$/, '');
    const written = this.hosts.current.get(plain);
    if (written !== undefined) return written;
    // RFC 6761 §6.3: nobody is asked.
    if (/(?:^|\.)localhost$/.test(plain)) return loopback;
    if (plain === '' || plain.length > 253) throw noSuchName(name);

    const { good, failure } = this.known.get(key) ?? {};
    const now = this.clock();
    if (good !== undefined && now - good.since < Math.min(good.ttlMs, notOlderThanMs)) return good.addresses;
    const lastGood = good !== undefined && now - good.since < lastGoodMs ? good.addresses : undefined;
    if (failure !== undefined && now < failure.until) {
      if (lastGood === undefined) throw failure.error;
      return lastGood;
    }
    return this.ask(key, lastGood);
  }

  private async inTurn(name: string): Promise<readonly Address[]> {
    const addresses = await this.addresses(name);
    const known = this.known.get(name.toLowerCase());
    if (known === undefined || addresses.length < 2) return addresses;
    const turn = known.turn++;
    return ([4, 6] as const).flatMap((family) => {
      const of = addresses.filter((one) => one.family === family);
      const first = of.length === 0 ? 0 : turn % of.length;
      return [...of.slice(first), ...of.slice(0, first)];
    });
  }

  /** `lastGood` is given while there is no answer, but not against one that says that the name is no more. */
  private async ask(key: string, lastGood: readonly Address[] | undefined): Promise<readonly Address[]> {
    const asked = this.asking.get(key) ?? this.begin(key);
    if (asked === undefined) {
      if (lastGood !== undefined) return lastGood;
      throw nameUnanswered(key, 'too many names are being asked for');
    }
    try {
      const answer = await within(lastGood === undefined ? patienceMs : patienceWithLastGoodMs, key, asked);
      return answer.addresses;
    } catch (error) {
      if (lastGood === undefined || isNoSuchName(error)) throw error;
      return lastGood;
    }
  }

  private begin(key: string): Promise<Addresses> | undefined {
    if (this.asking.size >= this.capacity) return undefined;
    const asked = this.servers
      .addresses(key)
      .then((answer) => this.learn(key, answer))
      .catch((error: unknown) => this.fail(key, error))
      .finally(() => this.asking.delete(key));
    this.asking.set(key, asked);
    return asked;
  }

  private learn(key: string, { addresses, ttlMs }: Addresses): Addresses {
    const good = {
      addresses,
      ttlMs: Math.min(Math.max(ttlMs, shortestKeptMs), longestKeptMs),
      since: this.clock(),
    };
    const before = this.known.get(key);
    if (before?.failure !== undefined && before.good !== undefined)
      this.logger.log({ msg: 'a name is answered again', name: key });
    this.known.set(key, { good, turn: before?.turn ?? 0 });
    return good;
  }

  private fail(key: string, error: unknown): never {
    const { good, turn = 0, failure: before } = this.known.get(key) ?? {};
    const failure = { error, until: this.clock() + restAfterFailureMs };
    const stays = good !== undefined && !isNoSuchName(error);
    // Who has nothing to go on with is told, and says so. One line for an outage, not one for each question.
    if (stays && before === undefined) {
      this.logger.warn({
        msg: 'no name server answers; the last known addresses stay',
        name: key,
        reason: String(error),
      });
    }
    this.known.set(key, { ...(stays ? { good } : {}), failure, turn });
    throw error;
  }
}

/** Those of this process, as its system knows them. */
export const names = new Names();

const familyOf = (family: number | 'IPv4' | 'IPv6' | undefined): number =>
  family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : (family ?? 0);

function within<T>(ms: number, name: string, asked: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<T>();
  const timer = setTimeout(() => limit.reject(nameUnanswered(name, 'no answer in time')), ms);
  return Promise.race([asked, limit.promise]).finally(() => clearTimeout(timer));
}
