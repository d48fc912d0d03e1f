export type EjectionReason = 'unreachable' | 'failures' | 'error-share' | 'stalled';

/** Why an instance gets no requests for a while. Times are milliseconds of the monotonic clock. */
export interface Ejection {
  readonly because: EjectionReason;
  readonly since: number;
  readonly until: number;
}
