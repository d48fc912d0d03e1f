export type LimitAlgorithmName = 'token-bucket' | 'leaky-bucket' | 'fixed-window' | 'sliding-window' | 'concurrency';

export interface LimitPolicy {
  readonly name: string;
  readonly algorithm: LimitAlgorithmName;
  /** How much may be spent in `windowMs`; for `concurrency`, how many calls may run at once. */
  readonly quota: number;
  /** For `concurrency`, how long a lease lives that nobody renews. */
  readonly windowMs: number;
  /** The size of the bucket, which is what can be spent at once; the quota unless given. Windows have none. */
  readonly burst?: number | undefined;
  /** For `leaky-bucket`: how long what would overflow may wait for its turn; 0 unless given. */
  readonly maxDelayMs?: number | undefined;
  /** Counted and told, but never a reason to refuse or to wait. */
  readonly isShadow?: boolean | undefined;
  /** What happens to a call that nobody can count: it is allowed unless this says `closed`. */
  readonly onFailure?: 'open' | 'closed' | undefined;
}

export interface Limit {
  /** Whose budget it is, for instance `user:42`. */
  readonly key: string;
  readonly policy: LimitPolicy;
  /** How much this call spends: 1 unless given, 0 to look only. For `concurrency` every call is one. */
  readonly cost?: number | undefined;
}

export interface LimitState {
  readonly name: string;
  readonly quota: number;
  /** Undefined for `concurrency`, which knows no time. */
  readonly windowMs: number | undefined;
  readonly remaining: number;
  /** The time until more can be spent than now; 0 when nothing is spent. */
  readonly resetMs: number;
}

export interface LimitDecision {
  readonly allowed: boolean;
  /** One state for each limit asked about, in the same order. */
  readonly states: readonly LimitState[];
  /** The time after which the same call can succeed; 0 when it was allowed. For `concurrency` a guess. */
  readonly retryAfterMs: number;
  /** How long an allowed call has to wait for its turn. */
  readonly delayMs: number;
  /** The policy that makes the caller wait longest. */
  readonly refusedBy?: string;
  /** Refused because it could not be counted, not because too much was spent. */
  readonly isUncounted?: true;
  /** The shared limiter did not answer within its budget: who asked has waited. */
  readonly isLate?: true;
  /** The shadow policies that would have refused. */
  readonly shadowedBy: readonly string[];
  /** There when a lease was taken: gives it back, once, when the work has ended. */
  readonly release?: () => void;
}

/** Spends from all limits or from none, and always answers: a broken store is no reason to fail a request. */
export abstract class RateLimiter {
  /** Whether a process that should share its limits with others decides by itself for the moment. */
  get isAlone(): boolean {
    return false;
  }

  abstract take(limits: readonly Limit[]): Promise<LimitDecision>;
}
