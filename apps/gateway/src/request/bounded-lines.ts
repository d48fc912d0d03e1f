const windowMs = 1_000;

/**
 * Of what happens by the thousand for one reason a few lines a second are enough; how many there were besides is told
 * once a second. Otherwise a flood of refusals is one of lines as well, and fills the disk when nobody has time to look.
 */
export class BoundedLines<Kind extends string> {
  private readonly counts = new Map<Kind, number>();
  private timer: NodeJS.Timeout | undefined = undefined;

  constructor(
    private readonly perSecond: number,
    private readonly tell: (kind: Kind, leftOut: number) => void,
  ) {}

  /** Whether this one has a line of its own. */
  admits(kind: Kind): boolean {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    this.timer ??= setInterval(this.endWindow, windowMs).unref();
    return count <= this.perSecond;
  }

  /** Tells how many were left out, and begins anew. */
  readonly endWindow = (): void => {
    if (this.counts.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    for (const [kind, count] of this.counts) if (count > this.perSecond) this.tell(kind, count - this.perSecond);
    this.counts.clear();
  };
}
