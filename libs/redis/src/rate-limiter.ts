export type LimitAlgorithmName = 'token-bucket' | 'leaky-bucket' | 'fixed-window' | 'sliding-window';

export interface LimitPolicy {
  readonly name: string;
  readonly algorithm: LimitAlgorithmName;
  /** How much may be spent in `windowMs`. */
  readonly quota: number;
  readonly windowMs: number;
  /** The size of the bucket, which is what can be spent at once; the quota unless given. Windows have none. */
  readonly burst?: number | undefined;
}

export interface Limit {
  /** Whose budget it is, for instance `user:42`. */
  readonly key: string;
  readonly policy: LimitPolicy;
  /** How much this call spends: 1 unless given, 0 to look only. */
  readonly cost?: number | undefined;
}

export interface LimitState {
  readonly name: string;
  readonly quota: number;
  readonly windowMs: number;
  readonly remaining: number;
  /** The time until more can be spent than now; 0 when nothing is spent. */
  readonly resetMs: number;
}

export interface LimitDecision {
  readonly allowed: boolean;
  /** One state for each limit asked about, in the same order. */
  readonly states: readonly LimitState[];
  /** The time after which the same call can succeed; 0 when it was allowed. */
  readonly retryAfterMs: number;
  /** The policy that makes the caller wait longest. */
  readonly refusedBy?: string;
}

/** Spends from all limits or from none, and always answers: a broken store is no reason to fail a request. */
export abstract class RateLimiter {
  abstract take(limits: readonly Limit[]): Promise<LimitDecision>;
}
