import type { EntityManager } from 'typeorm';

/** What surrounds the code that runs inside one transaction. */
export class TransactionScope {
  readonly afterCommit: (() => void | Promise<void>)[] = [];
  private doomedBy: { readonly error: unknown } | undefined;
  private over = false;

  constructor(readonly manager: EntityManager) {}

  /** False for code that a transaction started and did not wait for: it must not write into somebody else's. */
  get isOpen(): boolean {
    return !this.over;
  }

  close(): void {
    this.over = true;
  }

  /**
   * Forbids the commit. A caught error does not undo what was written before it, and after a deadlock the server has
   * rolled everything back already: committing the rest would keep half of the work.
   */
  doom(error: unknown): void {
    this.doomedBy ??= { error };
  }

  throwIfDoomed(): void {
    if (this.doomedBy !== undefined) throw this.doomedBy.error;
  }

  /** Runs a part of the work; if it fails, the whole transaction does, even if somebody catches the error. */
  async join<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.manager);
    } catch (error) {
      this.doom(error);
      throw error;
    }
  }
}
