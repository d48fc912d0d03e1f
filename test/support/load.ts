import { setTimeout as wait } from 'node:timers/promises';

/** What became of one request: empty when it was good, else what was wrong with it. */
export type Outcome = string;

export interface LoadReport {
  readonly requests: number;
  readonly failed: number;
  /** How often each thing went wrong. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface LoadOptions {
  /** Clients that each send one request after the other. */
  readonly clients: number;
  /** How long a client thinks between two requests. */
  readonly pauseMs?: number;
}

/** Clients that go on sending until they are stopped. A request that throws has failed. */
export class Load {
  private sent = 0;
  private done = 0;
  private isStopping = false;
  private readonly failures: Record<string, number> = {};
  private readonly clients: Promise<void>[];

  /** `send` is given a number of its own for each request. */
  constructor(
    { clients, pauseMs = 0 }: LoadOptions,
    private readonly send: (n: number) => Promise<Outcome>,
  ) {
    this.clients = Array.from({ length: clients }, () => this.run(pauseMs));
  }

  get requests(): number {
    return this.done;
  }

  async stop(): Promise<LoadReport> {
    this.isStopping = true;
    await Promise.all(this.clients);
    const failed = Object.values(this.failures).reduce((sum, count) => sum + count, 0);
    return { requests: this.done, failed, failures: this.failures };
  }

  private async run(pauseMs: number): Promise<void> {
    while (!this.isStopping) {
      const outcome = await this.send(this.sent++).catch(describe);
      this.done++;
      if (outcome !== '') this.failures[outcome] = (this.failures[outcome] ?? 0) + 1;
      if (pauseMs > 0) await wait(pauseMs);
    }
  }
}

const describe = (error: unknown): Outcome => {
  const { code, message } = error as NodeJS.ErrnoException;
  return `${code ?? ''} ${message}`.trim();
};
