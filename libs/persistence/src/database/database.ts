import { AsyncLocalStorage } from 'node:async_hooks';

import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { currentContextOrNone } from '@libs/trusted-headers';

import type { DatabaseEngine, OpenTransaction } from './database-engine.js';
import { isCollision, isConnectionFailure, isUnavailable } from './database-errors.js';
import { DatabaseUnavailable } from './database-unavailable.js';
import { realTiming, RetryBudget, type RetryTiming } from './retry-budget.js';
import { StatementGuard } from './statement-guard.js';
import { StatementSpans } from './statement-spans.js';
import { type StorageFault, storageFaultOf } from './storage-faults.js';
import { TenantScopes } from '../tenant-scopes/tenant-scopes.js';
import { TransactionScope } from './transaction-scope.js';

/** How long colliding transactions are tried again. */
const collidingForMs = 5_000;
/** How long a database that is away is waited for. The last attempt to connect may come on top (`connectTimeout`). */
const awayForMs = 3_000;
/** Whoever calls and sets a deadline is told before it that the database is away, and not nothing at all. */
const tellingMs = 250;

/**
 * The one way to the database of a service. Reads outside a transaction see committed rows only; writing is possible in
 * a transaction only.
 */
export class Database {
  private readonly logger = new Logger(Database.name);
  private readonly scopes = new AsyncLocalStorage<TransactionScope | undefined>();
  private fault: StorageFault | undefined;

  constructor(
    private readonly engine: DatabaseEngine,
    private readonly timing: RetryTiming = realTiming,
  ) {
    const guard = new StatementGuard(
      engine.begun,
      (error) => this.openScope()?.doom(error),
      new TenantScopes(engine.reading),
    );
    // The guard first: what it refuses never becomes a statement.
    const spans = new StatementSpans(engine.kind);
    for (const source of new Set([engine.reading, engine.writing])) source.subscribers.push(guard, spans);
  }

  get kind(): DatabaseEngine['kind'] {
    return this.engine.kind;
  }

  /** Of the surrounding transaction; outside of one, for reading. */
  get manager(): EntityManager {
    return this.openScope()?.manager ?? this.engine.reading.manager;
  }

  get isInTransaction(): boolean {
    return this.openScope() !== undefined;
  }

  /**
   * Runs the work in a transaction, in the surrounding one if there is one. When transactions collide, or the connection
   * is lost before the commit, the outermost work is run again from its start: it must do nothing but database work
   * that cannot be undone, and leave the rest to `afterCommit`.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const outer = this.openScope();
    return outer === undefined ? this.outermost(work) : outer.join(work);
  }

  /** Why the database takes no writes; undefined while it does. It may have come about since the last transaction. */
  get storageFault(): StorageFault | undefined {
    return this.fault;
  }

  /** Ends a `storageFault` if the work can be committed, which has to write for that. False if it cannot. */
  async probe(work: (manager: EntityManager) => Promise<void>): Promise<boolean> {
    try {
      await this.transaction(work);
    } catch (error) {
      if (isConnectionFailure(error)) return false;
      throw error;
    }
    if (this.fault !== undefined) this.logger.log('the database takes writes again');
    this.fault = undefined;
    return true;
  }

  /** Runs work that is not part of the surrounding transaction. Waiting for it inside of one may wait for ever. */
  apart<T>(work: () => Promise<T>): Promise<T> {
    return this.scopes.run(undefined, work);
  }

  /** Runs once the surrounding transaction is committed, outside of it, and is not waited for. */
  afterCommit(action: () => void | Promise<void>): void {
    const scope = this.openScope();
    if (scope === undefined) throw new Error('There is no transaction to wait for.');
    scope.afterCommit.push(action);
  }

  async ping(): Promise<void> {
    await this.engine.reading.query('SELECT 1');
  }

  /** What the clock of MySQL says, in milliseconds since 1970; files have none. */
  async time(): Promise<number> {
    const sinceEpoch = `SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS microseconds`;
    const [row] = await this.engine.reading.query<{ microseconds: number | string }[]>(sinceEpoch);
    return Number(row?.microseconds) / 1_000;
  }

  async close(): Promise<void> {
    await this.engine.close();
  }

  private openScope(): TransactionScope | undefined {
    const scope = this.scopes.getStore();
    return scope?.isOpen === true ? scope : undefined;
  }

  private async outermost<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const colliding = new RetryBudget(collidingForMs, this.timing);
    const left = (currentContextOrNone()?.deadline ?? Infinity) - Date.now() - tellingMs;
    const away = new RetryBudget(Math.min(awayForMs, left), this.timing);
    for (;;) {
      try {
        return await this.attempt(work);
      } catch (error) {
        const fault = storageFaultOf(error);
        if (fault !== undefined) this.noteFault(fault);
        if (!isCollision(error) && !isConnectionFailure(error))
          throw isUnavailable(error) ? asUnavailable(error) : error;
        const budget = isConnectionFailure(error) ? away : colliding;
        if (!(await budget.waitForNextTry())) throw asUnavailable(error);
      }
    }
  }

  private noteFault(fault: StorageFault): void {
    if (fault === this.fault) return;
    this.fault = fault;
    this.logger.error({ msg: 'the database takes no writes', reason: fault });
  }

  private async attempt<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const transaction = await this.engine.begin();
    const scope = new TransactionScope(transaction.manager);
    let result: T;
    try {
      result = await this.scopes.run(scope, () => work(transaction.manager));
      scope.throwIfDoomed();
    } catch (error) {
      await transaction.rollback();
      throw error;
    } finally {
      scope.close();
    }
    await this.commit(transaction);
    this.scopes.run(undefined, () => this.runAfterCommit(scope));
    return result;
  }

  private async commit(transaction: OpenTransaction): Promise<void> {
    try {
      await transaction.commit();
    } catch (error) {
      // Nobody can know whether the commit arrived, so the work is not run a second time.
      throw isConnectionFailure(error) ? asUnavailable(error) : error;
    }
  }

  private runAfterCommit(scope: TransactionScope): void {
    for (const action of scope.afterCommit) {
      // `then` turns an action that throws into one that rejects.
      Promise.resolve()
        .then(action)
        .catch((error: unknown) => this.logger.error({ err: error }, 'what was to follow a commit has failed'));
    }
  }
}

const asUnavailable = (error: unknown): DatabaseUnavailable =>
  error instanceof DatabaseUnavailable ? error : new DatabaseUnavailable(error);
