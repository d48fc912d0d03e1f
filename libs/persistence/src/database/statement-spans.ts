import type { AfterQueryEvent, BeforeQueryEvent, EntitySubscriberInterface, QueryRunner } from 'typeorm';

import type { Span, SpanAttributes } from '@libs/tracing';
import { activeSpan } from '@libs/trusted-headers';

import type { DatabaseEngine } from './database-engine.js';
import { operationOf, shownStatement } from './statement-text.js';

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
    const parent = activeSpan();
    if (parent === undefined) return;
    const { operation, table } = operationOf(query);
    const summary = table === undefined ? operation : `${operation} ${table}`;
    const span = parent.begin(summary, 'client', {
      'db.system.name': this.kind,
      'db.operation.name': operation,
      ...(table === undefined ? {} : { 'db.collection.name': table }),
      'db.query.summary': summary,
      'db.query.text': shownStatement(query),
      ...this.placeOf(queryRunner),
    });
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
    if (!success) {
      const code = codeOf(error);
      if (code !== undefined) ended?.span.set({ 'db.response.status_code': code });
      ended?.span.fail(code ?? 'failed');
    }
    ended?.span.end();
  }

  /** A file has no address, and its path is nobody's business. */
  private placeOf({ connection }: QueryRunner): SpanAttributes {
    if (this.kind !== 'mysql') return {};
    const { host, port, database } = connection.options as { host?: string; port?: number; database?: string };
    return { 'db.namespace': database, 'server.address': host, 'server.port': port };
  }
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
