import { LRUCache } from 'lru-cache';

import type { EventBus } from '@libs/events';

import { countCache } from './cache-counts.js';
import { entriesThatFit } from './entries-that-fit.js';

export interface FreshCacheOptions<V extends object> {
  /** For the metrics; caches of one name are counted together. */
  readonly name?: string;
  readonly bus: EventBus;
  /** What the value depends on: an event that names one of these makes it stale. */
  readonly tagsOf: (value: V, key: string) => readonly string[];
  /** Fewer where the heap is too small for them. */
  readonly maxEntries: number;
  /** In ms; never goes back. */
  readonly clock?: () => number;
}

interface Entry<V> {
  readonly value: V;
  readonly tags: readonly string[];
  readonly askedAt: number;
}

/** A question that is not answered yet, and what became stale since it was asked. */
interface Load {
  readonly stale: Set<string>;
  everythingStale: boolean;
}

/** The longest that a lost event can do harm. */
const maxAgeMs = 60_000;
/** The same while events may be passing by unheard. */
const maxAgeUnheardMs = 1_000;

/**
 * Answers of another service, kept as long as the event bus would tell of a change. An answer that was on its
 * way while such an event came in is given to those who asked before the event, and to nobody after it.
 */
export class FreshCache<V extends object> {
  private readonly entries: LRUCache<string, Entry<V>>;
  private readonly keysByTag = new Map<string, Set<string>>();
  /** The answers that a new question for the same key may wait for. */
  private readonly joinable = new Map<string, Promise<V>>();
  private readonly running = new Set<Load>();
  private readonly clock: () => number;
  private readonly stopListening: () => void;
  private readonly tally = { hits: 0, misses: 0 };
  private readonly uncount: () => void;

  constructor(private readonly options: FreshCacheOptions<V>) {
    this.clock = options.clock ?? (() => performance.now());
    this.entries = new LRUCache({
      max: entriesThatFit(options.maxEntries),
      dispose: (entry, key) => this.forgetTags(key, entry.tags),
    });
    this.stopListening = options.bus.onGap(() => this.clear());
    this.uncount = countCache(options.name ?? 'other', this.tally, () => this.entries.size);
  }

  /** Concurrent calls for one key share one `load`. A failed load is forgotten. */
  get(key: string, load: () => Promise<V>): Promise<V> | V {
    return this.known(key) ?? this.joinable.get(key) ?? this.start(key, load);
  }

  /** The answer, if nobody has to be asked for it. */
  known(key: string): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || this.clock() - entry.askedAt >= this.maxAge()) return undefined;
    this.tally.hits++;
    return entry.value;
  }

  invalidate(tag: string): void {
    for (const key of this.keysByTag.get(tag) ?? []) this.entries.delete(key);
    for (const load of this.running) load.stale.add(tag);
    this.joinable.clear();
  }

  clear(): void {
    this.entries.clear();
    for (const load of this.running) load.everythingStale = true;
    this.joinable.clear();
  }

  close(): void {
    this.stopListening();
    this.uncount();
    this.clear();
  }

  private maxAge(): number {
    return this.options.bus.connected ? maxAgeMs : maxAgeUnheardMs;
  }

  private start(key: string, ask: () => Promise<V>): Promise<V> {
    this.tally.misses++;
    const answer = this.run(key, ask).finally(() => {
      if (this.joinable.get(key) === answer) this.joinable.delete(key);
    });
    this.joinable.set(key, answer);
    return answer;
  }

  private async run(key: string, ask: () => Promise<V>): Promise<V> {
    const load: Load = { stale: new Set(), everythingStale: false };
    const askedAt = this.clock();
    this.running.add(load);
    try {
      const value = await ask();
      this.keep(key, value, load, askedAt);
      return value;
    } finally {
      this.running.delete(load);
    }
  }

  /** The age counts from the question, not from the answer: what it tells was true at some time after that. */
  private keep(key: string, value: V, load: Load, askedAt: number): void {
    const tags = this.options.tagsOf(value, key);
    if (load.everythingStale || tags.some((tag) => load.stale.has(tag))) return;
    this.entries.set(key, { value, tags, askedAt });
    for (const tag of tags) {
      const keys = this.keysByTag.get(tag) ?? new Set();
      this.keysByTag.set(tag, keys.add(key));
    }
  }

  private forgetTags(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.keysByTag.delete(tag);
    }
  }
}
