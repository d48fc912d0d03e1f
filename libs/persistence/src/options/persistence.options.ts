import type { EntitySchema, MigrationInterface } from 'typeorm';

// oxlint-disable-next-line typescript/no-explicit-any -- classes of any constructor
type Class<T> = new (...parameters: any[]) => T;

export interface PersistenceOptions {
  /** Names the schema or the file: `auth` keeps `gatehouse_auth` or `auth.db`. */
  readonly service: string;
  /** `mysql://user:password@host:3306/gatehouse`; the path is the prefix of the schema. Without it: embedded SQLite. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  readonly entities: readonly (Class<object> | EntitySchema)[];
  /** In the order of the time stamp at the end of each class's name. */
  readonly migrations: readonly Class<MigrationInterface>[];
  /** 32 bytes: what is kept of answers to idempotent requests is encrypted with keys made from it. */
  readonly encryptionKey: Buffer;
}
