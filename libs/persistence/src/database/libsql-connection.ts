import Libsql from 'libsql';

/** What TypeORM calls of a statement. */
interface Statement {
  readonly reader: boolean;
  run(...parameters: readonly unknown[]): Libsql.RunResult;
  all(...parameters: readonly unknown[]): unknown[];
}

/** libsql in the shape that TypeORM expects of better-sqlite3, which it is not quite. */
export class LibsqlConnection {
  private readonly connection: Libsql.Database;

  constructor(file: string, options: { readonly timeout: number }) {
    this.connection = new Libsql(file, { timeout: options.timeout });
  }

  /**
   * A transaction takes the write lock when it begins: one that began as a reader could find at its first write that
   * another process was quicker, and nothing but starting over would help.
   */
  prepare(sql: string): Statement {
    const statement = this.connection.prepare<[readonly unknown[]]>(
      sql === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : sql,
    );
    return {
      reader: statement.reader,
      // A lone null or Buffer would be taken for an object of named parameters; a list is always a list.
      run: (...parameters) => statement.run(parameters),
      all: (...parameters) => statement.all(parameters),
    };
  }

  pragma(source: string): unknown {
    return this.connection.pragma(source);
  }

  close(): void {
    this.connection.close();
  }
}
