/** Lets one after another do something, in the order of asking. */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private taken = false;

  /** Resolves to the function that passes the turn on. */
  take(): Promise<() => void> {
    if (!this.taken) {
      this.taken = true;
      return Promise.resolve(this.pass);
    }
    return new Promise((resolve) => {
      this.waiting.push(() => resolve(this.pass));
    });
  }

  private readonly pass = (): void => {
    const next = this.waiting.shift();
    if (next === undefined) this.taken = false;
    else next();
  };
}
