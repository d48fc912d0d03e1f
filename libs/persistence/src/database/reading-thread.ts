import { existsSync } from 'node:fs';

import { Piscina } from 'piscina';

import { Turns } from './turns.js';

export interface Reading {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type ReadingResult =
  { readonly rows: readonly unknown[] } | { readonly failure: { readonly message: string; readonly code: unknown } };

const workerFile = new URL('./reading-worker.js', import.meta.url);

/** It gets what the event loop leaves of the processors, as hashing does (docs/decisions/0014). */
const niceIncrement = 10;

/**
 * A connection to a file of SQLite in a thread, which reads one statement after the other, for the tenants by turns. It is
 * started when it is first needed.
 */
export class ReadingThread {
  // Unit tests run from the sources, where there is nothing that a thread could load.
  readonly isThere = existsSync(workerFile);
  private readonly turns = new Turns();
  private readonly thread: Piscina<Reading, ReadingResult>;

  constructor(file: string) {
    this.thread = new Piscina({
      filename: workerFile.href,
      workerData: file,
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: Infinity,
      niceIncrement,
    });
  }

  async read(tenantId: string, reading: Reading): Promise<readonly unknown[]> {
    const passTurn = await this.turns.take(tenantId);
    try {
      const result = await this.thread.run(reading);
      if ('rows' in result) return result.rows;
      const { message, code } = result.failure;
      throw Object.assign(new Error(message), { code });
    } finally {
      passTurn();
    }
  }

  close(): Promise<void> {
    return this.thread.destroy();
  }
}
