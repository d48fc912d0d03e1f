import type { ComparedClock } from '@libs/clock';

/** By which credentials are in time. A clock that is known to be wrong calls none of them bad: 503 and not 401. */
export type TokenClock = Pick<ComparedClock, 'earliest' | 'latest' | 'refuseIfOff'>;
