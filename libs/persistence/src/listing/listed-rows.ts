import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

import { holdsInAnyCase } from './fold-case.js';
import { named } from '../schema/create-table.js';
import type { Comparison, Condition, Many, Narrowing, SortKey } from './list-fields.js';
import type { PagePlace } from './page-token.js';

/** One way to the rows of a list that has an index. */
export interface Way<E> {
  leadsToMoreThan(count: number): Promise<boolean>;
  /** All that it leads to are looked at. */
  sorted(limit: number): Promise<E[]>;
}

/**
 * The rows that one page is taken from, and the statements that lead to them. SQLite knows no numbers about its tables and takes
 * the index that looks best by its columns: what is not to lead it has a `+` in front, which changes nothing else. Servers look
 * up how many rows each condition leaves.
 */
export class ListedRows<E extends ObjectLiteral> {
  private readonly conditions: readonly (Narrowing & { readonly comparison?: Comparison })[];
  private readonly isSqlite: boolean;

  constructor(
    private readonly scope: SelectQueryBuilder<E>,
    private readonly keys: readonly SortKey[],
    private readonly place: PagePlace | undefined,
    comparisons: readonly Comparison[],
    narrowing: Narrowing | undefined,
    private readonly size?: Many,
  ) {
    this.isSqlite = scope.connection.options.type !== 'mysql';
    this.conditions = [
      ...(narrowing === undefined ? [] : [narrowing]),
      ...comparisons.map((comparison, at) => ({ comparison, ...this.conditionOf(comparison, `filter${at}`) })),
    ];
  }

  get areNarrowed(): boolean {
    return this.conditions.length > 0;
  }

  isOrderedBy(fields: readonly string[]): boolean {
    const [first, ...others] = this.keys;
    return first !== undefined && fields.includes(first.field) && others.every(({ field }) => field === 'id');
  }

  all(limit: number): Promise<E[]> {
    const query = this.scope.clone();
    for (const { condition, loosely, parameters } of this.conditions) query.andWhere(loosely ?? condition, parameters);
    return this.inOrder(this.afterPlace(query)).limit(limit).getMany();
  }

  areMoreThan(count: number): Promise<boolean> {
    return hasMoreThan(this.scope.clone(), count);
  }

  /** Those that few rows are known to be behind may lead to them: what the caller is narrowed to, and what equals a value. */
  waysBy(fields: readonly string[]): Way<E>[] {
    const leading = this.conditions.filter(
      ({ comparison }) =>
        comparison === undefined || (comparison.operator === '=' && fields.includes(comparison.field)),
    );
    return leading.map((lead) => {
      return {
        leadsToMoreThan: lead.leadsToMoreThan ?? ((count) => hasMoreThan(this.ledBy(lead), count)),
        sorted: (limit) => {
          const query = this.ledBy(lead);
          for (const each of this.conditions) if (each !== lead) this.andLoosely(query, each);
          return this.inOrder(this.afterPlace(query, 'loosely')).limit(limit).getMany();
        },
      };
    });
  }

  /** Those that the caller is narrowed to, by the index that leads to them. */
  narrowed(): SelectQueryBuilder<E> {
    const [narrowing] = this.conditions;
    return narrowing === undefined ? this.scope.clone() : this.ledBy(narrowing);
  }

  private ledBy(lead: Narrowing & { readonly comparison?: Comparison }): SelectQueryBuilder<E> {
    const query = this.scope.clone();
    if (lead.comparison !== undefined) this.useIndexOf(query, lead.comparison.field);
    if (lead.isById === true) this.loosenScope(query);
    return query.andWhere(lead.condition, lead.parameters);
  }

  /** The last row that a walk of so many rows looks at; undefined if the list ends before it. */
  async endOfWalk(count: number): Promise<E | undefined> {
    const columns = [...new Set([...this.keys.map(({ field }) => field), 'id'])].map((field) => this.column(field));
    const [end] = await this.inOrder(this.walk())
      .select(columns)
      .offset(count - 1)
      .limit(1)
      .getMany();
    return end;
  }

  /** Along the index of the order, as far as the end. */
  walked(limit: number, end?: E): Promise<E[]> {
    const query = this.walk();
    if (end !== undefined)
      this.andBeside(
        query,
        this.keys.map(({ field }) => end[field] as PagePlace[number]),
        'upTo',
      );
    for (const each of this.conditions) {
      if (this.isOfWalk(each.comparison)) continue;
      this.andLoosely(query, { ...each, condition: each.loosely ?? each.condition });
    }
    return this.inOrder(query).limit(limit).getMany();
  }

  private walk(): SelectQueryBuilder<E> {
    const query = this.afterPlace(this.scope.clone());
    this.useIndexOf(query, this.keys[0]?.field ?? 'id');
    for (const { comparison, condition, parameters } of this.conditions) {
      if (this.isOfWalk(comparison)) query.andWhere(condition, parameters);
    }
    return query;
  }

  /** A server may think that it is less work to read everything and sort it. TypeORM has no word for what it must do. */
  private useIndexOf(query: SelectQueryBuilder<E>, field: string): void {
    if (this.isSqlite || this.size === undefined) return;
    const table = query.expressionMap.mainAlias?.metadata.tableName ?? '';
    query.useIndex(this.size.named?.[field] ?? named('ix', table, [...this.size.scope, field, 'id']));
    const getQuery = query.getQuery.bind(query);
    query.getQuery = () => getQuery().replace(' USE INDEX (', ' FORCE INDEX (');
  }

  /** What is compared is what the index is in the order of. */
  private isOfWalk(comparison: Comparison | undefined): boolean {
    return (
      comparison?.field === this.keys[0]?.field && ['=', '<', '<=', '>', '>='].includes(comparison?.operator ?? '')
    );
  }

  private inOrder(query: SelectQueryBuilder<E>): SelectQueryBuilder<E> {
    for (const { field, direction } of this.keys) query.addOrderBy(this.column(field), direction);
    return query;
  }

  private afterPlace(query: SelectQueryBuilder<E>, how?: 'loosely'): SelectQueryBuilder<E> {
    if (this.place !== undefined) this.andBeside(query, this.place, 'after', how);
    return query;
  }

  /** `(a, b, id) > (:a, :b, :id)`, spelled out where the keys run in different directions, and for servers that need it. */
  private andBeside(query: SelectQueryBuilder<E>, place: PagePlace, side: 'after' | 'upTo', how?: 'loosely'): void {
    const values = Object.fromEntries(place.map((value, index) => [`${side}${index}`, value]));
    const sign = (key: SortKey): string => ((key.direction === 'ASC') === (side === 'after') ? '>' : '<');
    const signs = new Set(this.keys.map(sign));
    const plus = how === 'loosely' && this.isSqlite ? '+ ' : '';
    if (this.isSqlite && signs.size === 1) {
      const columns = this.keys.map(({ field }) => `${plus}${this.column(field)}`).join(', ');
      const marks = Object.keys(values)
        .map((name) => `:${name}`)
        .join(', ');
      query.andWhere(`(${columns}) ${[...signs].join('')}${side === 'upTo' ? '=' : ''} (${marks})`, values);
      return;
    }
    const alternatives = this.keys.map((key, index) => {
      const equal = this.keys.slice(0, index).map(({ field }, at) => `${plus}${this.column(field)} = :${side}${at}`);
      const isLast = side === 'upTo' && index === this.keys.length - 1;
      return `(${[...equal, `${plus}${this.column(key.field)} ${sign(key)}${isLast ? '=' : ''} :${side}${index}`].join(' AND ')})`;
    });
    query.andWhere(`(${alternatives.join(' OR ')})`, values);
  }

  private andLoosely(query: SelectQueryBuilder<E>, { condition, parameters }: Condition): void {
    query.andWhere(this.isSqlite ? `+(${condition})` : condition, parameters);
  }

  private loosenScope({ expressionMap }: SelectQueryBuilder<E>): void {
    if (!this.isSqlite) return;
    expressionMap.wheres = expressionMap.wheres.map((where) => ({
      ...where,
      condition: `+(${String(where.condition)})`,
    }));
  }

  private conditionOf({ field, operator, value }: Comparison, name: string): Condition {
    const column = this.column(field);
    if (operator === ':') return holdsInAnyCase(column, String(value), name);
    return { condition: `${column} ${operator} :${name}`, parameters: { [name]: value } };
  }

  private column(field: string): string {
    return `${this.scope.alias}.${field}`;
  }
}

/** Reads so many entries of the index that the query is led by, and no more. */
export async function hasMoreThan<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  count: number,
): Promise<boolean> {
  const found = await query.select('1', 'found').offset(count).limit(1).getRawMany();
  return found.length > 0;
}
