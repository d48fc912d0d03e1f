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

  prepare(sql: string): Statement {
    if (sql === 'BEGIN TRANSACTION') return { reader: false, run: () => this.begin(), all: () => [] };
    const statement = this.connection.prepare<[readonly unknown[]]>(sql);
    return {
      reader: statement.reader,
      // A lone null or Buffer would be taken for an object of named parameters; a list is always a list.
      run: (...parameters) => statement.run(parameters),
      all: (...parameters) => statement.all(parameters),
    };
  }

  /**
   * A transaction takes the write lock when it begins: one that began as a reader could find at its first write that
   * another process was quicker, and nothing but starting over would help. As a prepared statement that has failed it
   * would go on reading what there was then, until it is collected, and nobody begins on top of that.
   */
  private begin(): Libsql.RunResult {
    this.connection.exec('BEGIN IMMEDIATE');
    return { changes: 0, lastInsertRowid: 0 };
  }

  pragma(source: string): unknown {
    return this.connection.pragma(source);
  }

  close(): void {
    this.connection.close();
  }
}
