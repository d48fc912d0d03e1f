/** Lets one after another do something: those of one kind in the order of asking, and the kinds by turns. */
export class Turns {
  private readonly waiting = new Map<string, (() => void)[]>();
  private taken = false;

  /** Resolves to the function that passes the turn on. */
  take(kind: string): Promise<() => void> {
    if (!this.taken) {
      this.taken = true;
      return Promise.resolve(this.pass);
    }
    return new Promise((resolve) => {
      const queue = this.waiting.get(kind) ?? [];
      queue.push(() => resolve(this.pass));
      this.waiting.set(kind, queue);
    });
  }

  /** A map keeps the order in which its keys came: the kind that had its turn comes again at the end. */
  private readonly pass = (): void => {
    const [next] = this.waiting;
    if (next === undefined) {
      this.taken = false;
      return;
    }
    const [kind, queue] = next;
    const resolve = queue.shift();
    this.waiting.delete(kind);
    if (queue.length > 0) this.waiting.set(kind, queue);
    resolve?.();
  };
}
