const sampleMs = 10;

/** Of fewer, all may have met the same pause. */
const enoughSamples = 3;

/** How late the event loop is. Measured by a timer that runs only while somebody wants to know. */
export class LoopDelay {
  private timer: NodeJS.Timeout | undefined;
  private dueAt = 0;
  private shortest = Infinity;
  private samples = 0;
  /** Grows with every turn that was measured. */
  turn = 0;

  start(): void {
    if (this.timer === undefined) this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.reset();
  }

  /** The shortest delay since the last one that was told; undefined while too few were measured. */
  takeShortest(): number | undefined {
    if (this.samples < enoughSamples) return undefined;
    const { shortest } = this;
    this.reset();
    return shortest;
  }

  /** How late the turn is that goes on at this moment; negative while it is in time, or nobody measures. */
  latenessAt(now: number): number {
    return this.timer === undefined ? -Infinity : now - this.dueAt;
  }

  private reset(): void {
    this.shortest = Infinity;
    this.samples = 0;
  }

  private schedule(): void {
    this.dueAt = performance.now() + sampleMs;
    this.timer = setTimeout(this.onTimer, sampleMs).unref();
  }

  private readonly onTimer = (): void => {
    this.samples++;
    this.turn++;
    this.shortest = Math.min(this.shortest, Math.max(0, performance.now() - this.dueAt));
    this.schedule();
  };
}
