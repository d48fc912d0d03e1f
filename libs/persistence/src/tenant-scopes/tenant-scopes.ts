import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';

import { type Column, type Comparison, narrowedBy } from './narrowed.js';
import { isSign, isWord, readSql, type SqlNode } from './sql-nodes.js';
import { queriesIn, type SqlQuery, type TableUse } from './sql-queries.js';

/**
 * By what rows of an entity of tenants are also found, and why: `static readonly alsoFoundBy`. Each key is a column that
 * equals a value, or is said with more words: `<column> <= ?`, `< ?`, `> ?`, `IS NOT NULL`. What is empty, or is not said, is
 * found by the tenant alone.
 */
type AlsoFoundBy = Readonly<Record<string, string>>;

const maxKnown = 5_000;

/**
 * Knows the tables whose rows belong to tenants: all that have a column `tenantId`. A statement on one of them must narrow it to rows of a tenant, or by one
 * of the few columns by which the entity says that it is found across tenants, whichever way it comes: through a
 * repository, the entity manager, or as SQL. What cannot be read is refused.
 */
export class TenantScopes {
  private readonly alsoFoundBy = new Map<string, AlsoFoundBy>();
  private readonly mentions: RegExp | undefined;
  /** Statements that have passed. Values travel apart, so there are few. */
  private readonly passed = new LRUCache<string, true>({ max: maxKnown });

  constructor({ entityMetadatas }: Pick<DataSource, 'entityMetadatas'>) {
    for (const { tableName, target, columns } of entityMetadatas) {
      if (!columns.some(({ databaseName }) => databaseName === 'tenantId')) continue;
      this.alsoFoundBy.set(tableName.toLowerCase(), alsoFoundBy(target));
    }
    const names = [...this.alsoFoundBy.keys()].join('|');
    if (names !== '') this.mentions = new RegExp(String.raw`\b(?:${names})\b`, 'i');
  }

  /** Throws where the statement may ask for everybody's rows. */
  check(sql: string): void {
    if (this.mentions === undefined || this.passed.has(sql)) return;
    if (this.mentions.test(sql)) this.read(sql);
    this.passed.set(sql, true);
  }

  private read(sql: string): void {
    const nodes = readSql(sql);
    if (nodes === undefined) throw new Error('A statement on a table of tenants cannot be read.');
    const { queries, tableNames } = queriesIn(nodes);
    this.requireKnown(nodes, tableNames);
    for (const query of queries) this.requireNarrowed(query, new Set());
  }

  /** A table that is named where no table is expected is a statement of a kind that is not understood. */
  private requireKnown(nodes: readonly SqlNode[], tableNames: ReadonlySet<SqlNode>): void {
    nodes.forEach((node, at) => {
      if (node.kind === 'group') return this.requireKnown(node.nodes, tableNames);
      if (node.kind === 'value' || !this.alsoFoundBy.has(node.text.toLowerCase()) || tableNames.has(node)) return;
      if (isSign(nodes[at + 1], '.') || isWord(nodes[at - 1], 'AS')) return;
      throw unnamed(node.text);
    });
  }

  private requireNarrowed(query: SqlQuery, outside: ReadonlySet<string>): void {
    const named = namedTables(query, outside);
    const found = narrowedTables(query, (comparison) => [
      ...ofTenant(query, comparison, named),
      ...query.tables.filter((use) => this.isFound(query, use, comparison)).map(({ alias }) => alias),
    ]);
    for (const { table, alias } of query.tables) {
      if (this.alsoFoundBy.has(table) && !found.has(alias)) throw unnamed(table);
    }
    for (const inner of query.inner) this.requireNarrowed(inner, named);
  }

  private isFound(query: SqlQuery, { table, alias }: TableUse, comparison: Comparison): boolean {
    if (comparison.kind !== 'value' && comparison.kind !== 'some') return false;
    const { column, kind } = comparison;
    if (aliasOf(query, column) !== alias) return false;
    const condition = kind === 'value' ? column.name : `${column.name} ${comparison.words}`;
    return Object.hasOwn(this.alsoFoundBy.get(table) ?? {}, condition);
  }
}

/** Said by the class itself: what it inherits was said about another table. */
const alsoFoundBy = (target: unknown): AlsoFoundBy =>
  typeof target === 'function' && Object.hasOwn(target, 'alsoFoundBy')
    ? (target as unknown as { readonly alsoFoundBy: AlsoFoundBy }).alsoFoundBy
    : {};

/** The aliases whose rows are all of a tenant that is named, or of the same tenant as others whose is. */
function namedTables(query: SqlQuery, outside: ReadonlySet<string>): ReadonlySet<string> {
  const own = new Set(query.tables.map(({ alias }) => alias));
  let named: ReadonlySet<string> = new Set([...outside].filter((alias) => !own.has(alias)));
  for (;;) {
    const known = named;
    const more = new Set([...known, ...narrowedTables(query, (comparison) => ofTenant(query, comparison, known))]);
    if (more.size === named.size) return named;
    named = more;
  }
}

function narrowedTables(query: SqlQuery, narrowed: (comparison: Comparison) => readonly string[]): ReadonlySet<string> {
  const joined = query.tables.filter(({ alias, on }) => on.length > 0 && narrowedBy(on, narrowed).has(alias));
  return new Set([...narrowedBy(query.where, narrowed), ...joined.map(({ alias }) => alias)]);
}

function ofTenant(query: SqlQuery, comparison: Comparison, named: ReadonlySet<string>): readonly string[] {
  if (comparison.kind === 'never') return query.tables.map(({ alias }) => alias);
  if (comparison.kind === 'value') return ownAlias(query, comparison.column);
  if (comparison.kind === 'some' || comparison.columns.some(({ name }) => name !== 'tenantId')) return [];
  const [a, b] = comparison.columns;
  return [
    ...(named.has(aliasOf(query, a) ?? '') ? ownAlias(query, b) : []),
    ...(named.has(aliasOf(query, b) ?? '') ? ownAlias(query, a) : []),
  ];
}

const ownAlias = (query: SqlQuery, column: Column): readonly string[] => {
  const alias = aliasOf(query, column);
  return column.name === 'tenantId' && query.tables.some((use) => use.alias === alias) ? [alias as string] : [];
};

/** A column that stands alone belongs to the only table there is. */
const aliasOf = ({ tables }: SqlQuery, { alias }: Column): string | undefined =>
  alias ?? (tables.length === 1 ? tables[0]?.alias : undefined);

const unnamed = (table: string): Error =>
  new Error(`A statement on ${table} does not name the tenant: use TenantRepository.`);
