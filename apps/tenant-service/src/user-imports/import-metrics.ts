import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

import { Metrics } from '@libs/observability';

@Injectable()
export class ImportMetrics {
  private readonly rows: Counter<'outcome'>;
  private readonly unfinished: Gauge;

  constructor(metrics: Metrics) {
    this.rows = metrics.own(
      'user_import_rows_total',
      (registers) =>
        new Counter({
          name: 'user_import_rows_total',
          help: 'Rows of tables of which a user was made, or none',
          labelNames: ['outcome'] as const,
          registers,
        }),
    );
    this.unfinished = metrics.own(
      'user_imports_unfinished',
      (registers) =>
        new Gauge({ name: 'user_imports_unfinished', help: 'Imports of users that wait or run', registers }),
    );
  }

  count(outcome: 'created' | 'refused'): void {
    this.rows.inc({ outcome });
  }

  show(unfinished: number): void {
    this.unfinished.set(unfinished);
  }
}
