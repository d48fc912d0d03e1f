import { type Attention, attention as sharedAttention } from '../attention.js';

/** A timeout that ends a wait only when somebody has listened for so long. */
export class Patience {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;
  private lostMs: number;

  constructor(
    ms: number,
    private readonly attention: Pick<Attention, 'lostBy'> = sharedAttention,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.lostMs = attention.lostBy(now());
    this.timer = this.wait(ms);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    clearTimeout(this.timer);
  }

  readonly onTimer = (): void => {
    const before = this.lostMs;
    this.lostMs = this.attention.lostBy(this.now());
    if (this.lostMs > before) this.timer = this.wait(this.lostMs - before);
    else this.controller.abort();
  };

  private wait(ms: number): NodeJS.Timeout {
    return setTimeout(this.onTimer, ms).unref();
  }
}
