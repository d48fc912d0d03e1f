import { randomUUID } from 'node:crypto';

import { type Answer, Client } from './client.js';

interface Write {
  readonly body?: unknown;
  readonly ifMatch?: string;
}

/** What the caller knows in the end: either an answer, or that an earlier attempt, whose answer was lost, has done it. */
export type Outcome = Answer | 'done before';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A client as it should be written: asks again until it knows what became of its write, and never does it twice. */
export class CarefulCaller {
  constructor(
    private readonly gateway: () => Promise<Client>,
    private readonly address: string,
    private readonly token: () => string | undefined,
  ) {}

  /** Repeats the same POST with the same key. */
  async post(path: string, body?: unknown): Promise<Answer> {
    const key = randomUUID();
    return this.untilAnswered(async (client) =>
      client.post(path, { ...this.who(), headers: { ...this.from(), 'idempotency-key': key }, body }),
    );
  }

  get(path: string): Promise<Answer> {
    return this.untilAnswered((client) => client.get(path, { ...this.who(), headers: this.from() }));
  }

  /** Repeats the same change of the same version: what has changed, or is gone, after a lost answer, was its own doing. */
  async change(method: 'PATCH' | 'PUT' | 'DELETE', path: string, { body, ifMatch }: Write): Promise<Outcome> {
    let isRepeated = false;
    const answer = await this.untilAnswered((client, attempt) => {
      isRepeated = attempt > 0;
      const headers = { ...this.from(), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
      return client.call(method, path, { ...this.who(), headers, ...(body === undefined ? {} : { body }) });
    });
    return isRepeated && (answer.status === 412 || answer.status === 404) ? 'done before' : answer;
  }

  /** For what is not the same when it is repeated. Undefined if nobody knows what became of it. */
  async tryOnce(method: 'PUT', path: string, body: unknown): Promise<Answer | undefined> {
    const client = await this.gateway();
    return client.call(method, path, { ...this.who(), headers: this.from(), body }).catch(() => undefined);
  }

  private async untilAnswered(ask: (client: Client, attempt: number) => Promise<Answer>): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      const client = await this.gateway();
      const answer = await ask(client, attempt).catch(() => undefined);
      if (answer !== undefined && answer.status < 500 && answer.status !== 429 && !isBusy(answer)) return answer;
      await pause(answer === undefined ? 20 : 100);
    }
  }

  private who(): { token?: string } {
    const token = this.token();
    return token === undefined ? {} : { token };
  }

  private from(): Record<string, string> {
    return { 'x-forwarded-for': this.address };
  }
}

const isBusy = ({ body }: Answer): boolean => body?.code === 'IDEMPOTENCY_KEY_IN_USE';
