import type { Limit } from '../limits/rate-limiter.js';

/** A place that a call of this process takes up in Redis. */
export interface Lease {
  readonly key: string;
  readonly id: string;
  /** How long it lives unless it is renewed. */
  readonly windowMs: number;
}

/**
 * The leases of this process, renewed while they are held. A process that dies renews nothing, and its leases
 * end by themselves: no place is lost for good.
 */
export class HeldLeases {
  private readonly held = new Set<Lease>();
  private timer: NodeJS.Timeout | undefined;
  private timerMs = Infinity;
  private count = 0;

  constructor(
    private readonly processId: string,
    private readonly renewInRedis: (leases: readonly Lease[]) => Promise<void>,
  ) {}

  /** An id for the lease that a call would take; empty if it would take none. */
  idFor(limits: readonly Limit[], mode: 'take' | 'settle'): string {
    if (mode === 'settle') return '';
    for (const { policy } of limits) {
      if (policy.algorithm === 'concurrency') return `${this.processId}:${(this.count++).toString(36)}`;
    }
    return '';
  }

  add(lease: Lease): void {
    this.held.add(lease);
    // Two renewals may be lost before a lease is.
    const everyMs = Math.max(50, Math.floor(lease.windowMs / 3));
    if (everyMs >= this.timerMs) return;
    clearInterval(this.timer);
    this.timerMs = everyMs;
    this.timer = setInterval(() => void this.renew(), everyMs).unref();
  }

  /** False when it was removed before. */
  remove(lease: Lease): boolean {
    const wasHeld = this.held.delete(lease);
    if (this.held.size === 0) this.rest();
    return wasHeld;
  }

  async renew(): Promise<void> {
    if (this.held.size === 0) return;
    try {
      await this.renewInRedis([...this.held]);
    } catch {
      // The next one comes soon; that Redis is away, the limiter that asks it has said.
    }
  }

  close(): void {
    this.held.clear();
    this.rest();
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.timerMs = Infinity;
  }
}
