const tickMs = 50;
/** A turn of the event loop that takes no longer than this is an ordinary one. */
const toleratedMs = 50;

/**
 * Knows when this process did not listen: because a turn of its event loop took long, or because the machine gave it no
 * time. What an instance said meanwhile lies there unheard, so nobody is judged by what was not heard until then. There
 * is one event loop in a process, and one of these.
 */
export class Attention {
  private timer: NodeJS.Timeout | undefined = undefined;
  private dueAt = Infinity;
  private lostMs = 0;
  private missedAt = -Infinity;

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** Begins to look; once is enough. */
  begin(): void {
    if (this.timer !== undefined) return;
    this.dueAt = this.clock() + tickMs;
    this.timer = setInterval(this.tick, tickMs).unref();
  }

  end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.dueAt = Infinity;
  }

  /** The last moment at which it did not listen. */
  missedBy(now: number): number {
    return now - this.dueAt > toleratedMs ? now : this.missedAt;
  }

  /** For how long it has not listened, altogether. */
  lostBy(now: number): number {
    const late = now - this.dueAt;
    return late > toleratedMs ? this.lostMs + late : this.lostMs;
  }

  readonly tick = (): void => {
    const now = this.clock();
    this.lostMs = this.lostBy(now);
    this.missedAt = this.missedBy(now);
    this.dueAt = now + tickMs;
  };
}

export const attention = new Attention();
