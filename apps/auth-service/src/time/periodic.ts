/**
 * Runs a task again and again, `everyMs` after the last run has ended, so that runs never overlap.
 * A failed run is reported and does not end the series.
 */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly task: () => Promise<unknown>,
    private readonly everyMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(firstAfterMs = this.everyMs): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, firstAfterMs);
    this.timer.unref();
  }

  /** Resolves when the run that is under way has ended: stores may be closed then. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.task();
    } catch (error) {
      this.onError(error);
    }
    this.start();
  }
}
