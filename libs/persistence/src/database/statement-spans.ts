import type { AfterQueryEvent, BeforeQueryEvent, EntitySubscriberInterface, QueryRunner } from 'typeorm';

import type { Span } from '@libs/tracing';
import { activeSpan } from '@libs/trusted-headers';

import type { DatabaseEngine } from './database-engine.js';
import { shownStatement, statementName } from './statement-text.js';

interface Running {
  readonly query: string;
  readonly parameters: unknown;
  readonly span: Span;
}

/** A span for each statement of a request that is recorded. The values stay where they are. */
export class StatementSpans implements EntitySubscriberInterface {
  private readonly running = new WeakMap<QueryRunner, Running[]>();

  constructor(private readonly kind: DatabaseEngine['kind']) {}

  beforeQuery({ queryRunner, query, parameters }: BeforeQueryEvent): void {
    const span = activeSpan()?.begin(statementName(query), 'client', {
      'db.system.name': this.kind,
      'db.query.text': shownStatement(query),
    });
    if (span === undefined) return;
    const statements = this.running.get(queryRunner) ?? [];
    statements.push({ query, parameters, span });
    this.running.set(queryRunner, statements);
  }

  /** A runner may be given several statements at once; each comes back with the very list that it went with. */
  afterQuery({ queryRunner, query, parameters, success, error }: AfterQueryEvent): void {
    const statements = this.running.get(queryRunner);
    if (statements === undefined) return;
    const index = statements.findIndex((each) => each.query === query && each.parameters === parameters);
    const [ended] = index === -1 ? [] : statements.splice(index, 1);
    if (!success) ended?.span.fail(codeOf(error));
    ended?.span.end();
  }
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'failed';
}
