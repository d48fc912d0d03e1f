export interface AdaptiveLimitOptions {
  /** How long one turn of the event loop may take. */
  readonly targetMs: number;
  readonly floor: number;
}

export interface LoadSample {
  /** The shortest that the event loop kept anything waiting in a while: a single pause, for instance to collect
   * garbage, is not overload; one after the other is. */
  readonly delayMs: number;
  /** The most requests that waited for their answer at one time. */
  readonly peak: number;
  readonly refused: number;
}

/** So much less at most, and at least, is let in after a turn that took too long. */
const steepest = 0.5;
const gentlest = 0.9;
const growth = 1.1;
/** After so many samples without a refusal the limit has done its work. */
const calmSamples = 25;

/**
 * How many requests may wait for their answer at once. Multiplicative decrease while the event loop is late, by
 * how late it is; increase while it is well in time and the limit is what holds requests back.
 */
export class AdaptiveLimit {
  private current = Infinity;
  private calm = 0;

  /** Infinite as long as there is nothing to protect from. */
  get value(): number {
    return this.current;
  }

  adjust({ delayMs, peak, refused }: LoadSample, { targetMs, floor }: AdaptiveLimitOptions): void {
    this.calm = refused === 0 && delayMs <= targetMs ? this.calm + 1 : 0;
    if (delayMs > targetMs) {
      const factor = Math.min(gentlest, Math.max(steepest, targetMs / delayMs));
      this.current = Math.max(floor, Math.floor(Math.min(this.current, peak) * factor));
    } else if (this.calm >= calmSamples) {
      this.current = Infinity;
    } else if (refused > 0 && delayMs < targetMs / 2) {
      this.current = Math.ceil(this.current * growth);
    }
  }
}
