import type { Logger } from 'typeorm';

/** TypeORM's own loggers print statements with their values to the console. Errors reach the log as what they are. */
export class QuietLogger implements Logger {
  logQuery(_statement: string): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
