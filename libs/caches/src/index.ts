export { type CacheCount, cacheCounts } from './cache-counts.js';
export { FreshCache, type FreshCacheOptions } from './fresh-cache.js';
