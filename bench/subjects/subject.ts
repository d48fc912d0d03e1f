import type { Target } from '../client/wrk.js';

/** What is measured: a running proxy, and what is asked of it. */
export interface Subject {
  readonly name: string;
  /** The root of its process tree. */
  readonly pid: number;
  readonly target: Target;
  /** Before each round, unmeasured. */
  readonly prepare?: () => Promise<void>;
}
