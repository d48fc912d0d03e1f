/** Writes many small things together: what comes while a write is running waits for the next one. */
export class GroupCommit<T> {
  private waiting: T[] = [];
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private dropped = 0;

  /** `write` is told how many things were dropped since the last time, because more than `most` were waiting. */
  constructor(
    private readonly write: (things: readonly T[], dropped: number) => Promise<void>,
    private readonly most: number,
  ) {}

  /** Resolves when the thing is written, or when it is clear that it will not be. */
  add(thing: T): Promise<void> {
    if (this.waiting.length >= this.most) {
      this.dropped += 1;
      return Promise.resolve();
    }
    this.waiting.push(thing);
    this.next ??= this.running.then(() => this.flush());
    return this.next;
  }

  /** Resolves when everything that was added is written. */
  async settled(): Promise<void> {
    await (this.next ?? this.running);
  }

  private flush(): Promise<void> {
    const [things, dropped] = [this.waiting, this.dropped];
    this.waiting = [];
    this.dropped = 0;
    this.next = undefined;
    this.running = this.write(things, dropped);
    return this.running;
  }
}
