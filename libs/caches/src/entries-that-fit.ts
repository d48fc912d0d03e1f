import { getHeapStatistics } from 'node:v8';

/** What one answer of another service takes, with its key and its tags: bench:capacity, rounded up. */
const bytesEach = 3 * 1024;
/** Of the heap, for one cache. There are three of them, and requests need room, too. */
const share = 1 / 8;

/** How many answers may be remembered: as many as wanted, unless the heap is too small for them. */
export const entriesThatFit = (wanted: number, heapBytes = getHeapStatistics().heap_size_limit): number =>
  Math.max(1, Math.min(wanted, Math.floor((heapBytes * share) / bytesEach)));
