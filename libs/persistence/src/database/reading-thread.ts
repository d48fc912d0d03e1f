import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import { Turns } from './turns.js';

export interface Reading {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type ReadingResult =
  { readonly rows: readonly unknown[] } | { readonly failure: { readonly message: string; readonly code: unknown } };

const workerFile = new URL('./reading-worker.js', import.meta.url);

/** A connection to a file of SQLite in a thread, which reads one statement after the other, for the tenants by turns. */
export class ReadingThread {
  // Unit tests run from the sources, where there is nothing that a thread could load.
  readonly isThere = existsSync(workerFile);
  private readonly turns = new Turns();
  private worker: Worker | undefined;

  constructor(private readonly file: string) {}

  async read(tenantId: string, reading: Reading): Promise<readonly unknown[]> {
    const passTurn = await this.turns.take(tenantId);
    try {
      const worker = this.running();
      worker.postMessage(reading);
      const [result] = (await once(worker, 'message')) as [ReadingResult];
      if ('rows' in result) return result.rows;
      const { message, code } = result.failure;
      throw Object.assign(new Error(message), { code });
    } finally {
      passTurn();
    }
  }

  async close(): Promise<void> {
    const passTurn = await this.turns.take('');
    await this.worker?.terminate();
    passTurn();
  }

  /** Started when it is first needed, and again after it has failed. */
  private running(): Worker {
    if (this.worker !== undefined) return this.worker;
    const worker = new Worker(workerFile, { workerData: this.file });
    worker.unref();
    worker.once('exit', () => {
      this.worker = undefined;
    });
    this.worker = worker;
    return worker;
  }
}
