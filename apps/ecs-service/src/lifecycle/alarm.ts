/** Rings once at the earliest time that was asked for since it last rang. */
export class Alarm {
  #timer: NodeJS.Timeout | undefined;
  #ringsAt = Infinity;
  #isStopped = false;

  constructor(private readonly onRing: () => void) {}

  /** 0 or less is as soon as possible. */
  ringIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.#isStopped || at >= this.#ringsAt) return;
    clearTimeout(this.#timer);
    this.#ringsAt = at;
    this.#timer = setTimeout(
      () => {
        this.#ringsAt = Infinity;
        this.onRing();
      },
      Math.max(ms, 0),
    );
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
