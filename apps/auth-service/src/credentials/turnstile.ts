import { Refusal } from '@libs/errors';

/**
 * Lets `places` pieces of work run at once and `queue` more wait. Whoever comes after that is sent
 * away at once: a flood then slows only its own kind of work, and memory stays bounded.
 */
export class Turnstile {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(
    places: number,
    private readonly queue: number,
  ) {
    this.free = places;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** For whoever has something else to do before the work that would be in vain. */
  refuseIfFull(): void {
    if (this.free > 0 || this.waiting.length < this.queue) return;
    throw new Refusal('SERVICE_UNAVAILABLE', {
      headers: { 'retry-after': '1' },
      internal: `${this.queue} wait at the turnstile`,
    });
  }

  private enter(): Promise<void> | undefined {
    this.refuseIfFull();
    if (this.free > 0) {
      this.free -= 1;
      return undefined;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
