import type { AfterQueryEvent, BeforeQueryEvent, EntitySubscriberInterface, QueryRunner } from 'typeorm';

import { Refusal } from '@libs/errors';

import { isCollision } from './database-errors.js';
import { storageFaultOf } from './storage-faults.js';
import type { TenantScopes } from '../tenant-scopes/tenant-scopes.js';

const readsOnly = /^\s*(SELECT|SHOW|EXPLAIN)\b/i;

const hasNul = (parameter: unknown): boolean => typeof parameter === 'string' && parameter.includes('\0');

/** Sees every statement before the database does, whichever of TypeORM's many ways it comes. */
export class StatementGuard implements EntitySubscriberInterface {
  constructor(
    private readonly transactions: WeakSet<QueryRunner>,
    /** After a collision or a fault of the disk the database may have rolled back by itself. */
    private readonly onSpoilt: (error: unknown) => void,
    private readonly tenants: TenantScopes,
  ) {}

  beforeQuery({ queryRunner, query, parameters }: BeforeQueryEvent): void {
    if (!this.transactions.has(queryRunner) && !readsOnly.test(query)) {
      throw new Error('Writing needs a transaction: wrap the work in database.transaction.');
    }
    this.tenants.check(query);
    // libsql hands text back only up to the first NUL: refusing it beats losing it.
    if (Array.isArray(parameters) && parameters.some(hasNul)) {
      throw new Refusal('REQUEST_INVALID', { detail: 'Text must not contain the NUL character.' });
    }
  }

  afterQuery({ success, error }: AfterQueryEvent): void {
    if (!success && (isCollision(error) || storageFaultOf(error) !== undefined)) this.onSpoilt(error);
  }
}
