interface Tally {
  readonly hits: number;
  readonly misses: number;
}

export interface CacheCount extends Tally {
  readonly cache: string;
  readonly entries: number;
}

const caches = new Set<() => CacheCount>();

/** Shows a cache in the metrics of this process. Returns the function that ends it. */
export function countCache(cache: string, tally: Tally, entries: () => number): () => void {
  const count = (): CacheCount => ({ cache, ...tally, entries: entries() });
  caches.add(count);
  return () => caches.delete(count);
}

/** All caches of this process, by name. */
export const cacheCounts = (): CacheCount[] =>
  [
    ...Map.groupBy(
      [...caches].map((count) => count()),
      ({ cache }) => cache,
    ),
  ].map(([cache, parts]) => ({
    cache,
    hits: parts.reduce((sum, { hits }) => sum + hits, 0),
    misses: parts.reduce((sum, { misses }) => sum + misses, 0),
    entries: parts.reduce((sum, { entries }) => sum + entries, 0),
  }));
