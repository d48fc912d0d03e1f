import type { Http1Connection } from './connection.js';

/**
 * Connections that wait for a request. After an answer each one rests first: what an instance says too much is most
 * often right behind what it should say, and as long as nobody waits on the connection it harms nobody. It is over
 * when some time has passed and everything that had come in by then was looked at, however busy the gateway is.
 */
export class FreeConnections {
  private resting: Http1Connection[] = [];
  /** The one that was used last is used first, so that the others can be closed. */
  private readonly rested: Http1Connection[] = [];
  private isScheduled = false;

  constructor(
    public restMs: number,
    private readonly onRested: () => void,
    /** Whether a request waits for one. */
    private readonly isWanted: () => boolean,
  ) {}

  /** None can be taken. */
  get isEmpty(): boolean {
    return this.rested.length === 0;
  }

  put(connection: Http1Connection, now: number): void {
    connection.freeSince = now;
    if (this.restMs === 0) {
      this.rested.push(connection);
      this.onRested();
      return;
    }
    this.resting.push(connection);
    if (!this.isScheduled) this.schedule();
  }

  take(): Http1Connection | undefined {
    for (;;) {
      const connection = this.rested.pop();
      if (connection === undefined || connection.isOpen) return connection;
    }
  }

  remove(connection: Http1Connection): void {
    const index = this.rested.indexOf(connection);
    if (index !== -1) this.rested.splice(index, 1);
    else this.resting = this.resting.filter((each) => each !== connection);
  }

  all(): Http1Connection[] {
    return [...this.rested, ...this.resting];
  }

  /** A timer would leave the event loop idle while requests wait, or come only after a long turn. */
  private schedule(): void {
    this.isScheduled = true;
    if (this.isWanted()) setImmediate(this.lookOnce);
    else setTimeout(this.lookOnce, this.restMs);
  }

  /** Between a timer and an immediate, or two of these, the event loop reads from every socket that has something to read. */
  private readonly lookOnce = (): void => {
    const restedSince = performance.now() - this.restMs;
    setImmediate(() => {
      const { resting } = this;
      this.resting = resting.filter((connection) => connection.freeSince > restedSince);
      for (const connection of resting) if (connection.freeSince <= restedSince) this.rested.push(connection);
      this.isScheduled = false;
      if (this.resting.length > 0) this.schedule();
      this.onRested();
    });
  };
}
