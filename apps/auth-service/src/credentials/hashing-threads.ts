import type { Options } from '@node-rs/argon2';
import { Piscina } from 'piscina';

import { Refusal } from '@libs/errors';

/** What hashing-thread.js can do: its names, and what each takes and gives. */
interface Work {
  readonly hash: { takes: { readonly password: string; readonly options: Options }; gives: string };
  readonly verify: { takes: { readonly storedHash: string; readonly password: string }; gives: boolean };
  readonly verifyBcrypt: Work['verify'];
}

const filename = new URL('./hashing-thread.js', import.meta.url).href;

/**
 * How much more polite hashing is than the event loop, in steps of nice(2): it gets a tenth of a processor that others
 * want, and all of one that nobody wants (docs/decisions/0014).
 */
const niceIncrement = 10;

/**
 * Lets so many hashes run at once, each thread with a rest after each, and `queue` more wait. Whoever comes after that is sent away at once: a flood then slows
 * only its own kind of work, and memory stays bounded. The threads are started when they are first needed.
 */
export class HashingThreads {
  readonly #pool: Piscina<unknown, unknown>;

  constructor(
    threads: number,
    private readonly queue: number,
  ) {
    this.#pool = new Piscina({ filename, minThreads: 0, maxThreads: threads, idleTimeout: Infinity, niceIncrement });
  }

  async run<N extends keyof Work>(name: N, task: Work[N]['takes']): Promise<Work[N]['gives']> {
    this.refuseIfFull();
    return (await this.#pool.run(task, { name })) as Work[N]['gives'];
  }

  /** For whoever has something else to do before the work that would be in vain. */
  refuseIfFull(): void {
    if (this.#pool.queueSize < this.queue) return;
    throw new Refusal('SERVICE_UNAVAILABLE', {
      headers: { 'retry-after': '1' },
      internal: `${this.queue} wait for a hashing thread`,
    });
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
