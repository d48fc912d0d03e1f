const sampleMs = 10;

/** How late the event loop is. Measured by a timer that runs only while somebody wants to know. */
export class LoopDelay {
  private timer: NodeJS.Timeout | undefined;
  private dueAt = 0;
  private shortest = Infinity;

  start(): void {
    if (this.timer === undefined) this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.shortest = Infinity;
  }

  /** The shortest delay since the last call; 0 if there was none to measure. */
  takeShortest(): number {
    const { shortest } = this;
    this.shortest = Infinity;
    return shortest === Infinity ? 0 : shortest;
  }

  private schedule(): void {
    this.dueAt = performance.now() + sampleMs;
    this.timer = setTimeout(this.onTimer, sampleMs).unref();
  }

  private readonly onTimer = (): void => {
    this.shortest = Math.min(this.shortest, Math.max(0, performance.now() - this.dueAt));
    this.schedule();
  };
}
