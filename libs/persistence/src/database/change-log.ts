import { QuietLogger } from './quiet-logger.js';

const change = /^\s*(CREATE|ALTER|DROP|RENAME|INSERT|UPDATE|DELETE)\b/i;
/** What TypeORM writes about migrations themselves. */
const own = /\b(INTO|TABLE|FROM)\s+["`]?migrations\b/i;
const quotes = /["`]/g;

/** Keeps the changes that migrations make to a database, in a form that an operator can read: without columns or values. */
export class ChangeLog extends QuietLogger {
  readonly changes: string[] = [];

  override logQuery(statement: string): void {
    if (!change.test(statement) || own.test(statement)) return;
    const text = statement.replaceAll(quotes, '').replaceAll(/\s+/g, ' ').trim();
    // All of an `ALTER TABLE` is what it changes; of the others, what comes before the first bracket.
    this.changes.push(/^ALTER/i.test(text) ? text : (text.split(/ ?\(| SET | WHERE /)[0] as string));
  }
}
