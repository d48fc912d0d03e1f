import type { DataSource } from 'typeorm';

import { TenantRecord } from '../columns/records.js';

/** An entity of tenants whose rows are also found by something else says so: `static readonly alsoFoundBy`. */
interface TenantEntity {
  readonly alsoFoundBy?: readonly string[];
}

const reads = /^\s*(?:SELECT|UPDATE|DELETE)\b/i;
const conditions = /\b(?:WHERE|ON)\b/i;

const order = /\b(?:ORDER|GROUP) BY\b[^()]*$/i;

/** What narrows the rows: what is selected or ordered by does not. */
function conditionsOf(sql: string): string {
  const at = conditions.exec(sql)?.index;
  return at === undefined ? '' : sql.slice(at).replace(order, '');
}

/**
 * Knows the tables whose rows belong to tenants. A statement on one of them must name the tenant in its conditions, or
 * one of the few columns by which the entity says that it is found across tenants, whichever way it comes: through a
 * repository, the entity manager, or as SQL.
 */
export class TenantScopes {
  private readonly keysOf = new Map<string, RegExp>();
  private readonly tables: RegExp | undefined;

  constructor({ entityMetadatas }: Pick<DataSource, 'entityMetadatas'>) {
    for (const { tableName, target } of entityMetadatas) {
      if (typeof target !== 'function' || !(target.prototype instanceof TenantRecord)) continue;
      const keys = ['tenantId', ...((target as TenantEntity).alsoFoundBy ?? [])];
      this.keysOf.set(tableName, new RegExp(String.raw`\b(?:${keys.join('|')})\b`));
    }
    const names = [...this.keysOf.keys()].join('|');
    if (names !== '') this.tables = new RegExp(String.raw`\b(?:FROM|JOIN|UPDATE)\s+[\`"]?(${names})\b`, 'gi');
  }

  /** Throws where the statement may ask for everybody's rows. */
  check(sql: string): void {
    if (this.tables === undefined || !reads.test(sql)) return;
    for (const [, table = ''] of sql.matchAll(this.tables)) {
      if (this.keysOf.get(table)?.test(conditionsOf(sql)) === true) continue;
      throw new Error(`A statement on ${table} does not name the tenant: use TenantRepository.`);
    }
  }
}
