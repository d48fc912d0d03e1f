import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** One transaction that has begun. After `commit` or `rollback` its manager refuses every statement. */
export interface OpenTransaction {
  readonly manager: EntityManager;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** How one kind of database connects, begins and closes; `Database` makes the rules that are the same for all. */
export interface DatabaseEngine {
  /** For readiness checks and log lines. */
  readonly kind: 'mysql' | 'sqlite';
  /** Sees committed rows only. */
  readonly reading: DataSource;
  readonly writing: DataSource;
  /** The runners of what `begin` has begun. TypeORM begins transactions of its own, for instance in `save`. */
  readonly begun: WeakSet<QueryRunner>;
  begin(): Promise<OpenTransaction>;
  close(): Promise<void>;
}
