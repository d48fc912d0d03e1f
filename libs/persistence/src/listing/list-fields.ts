/** What a field can be compared with. A list of words is an enumeration. */
export type FilterKind = 'text' | 'id' | 'time' | 'number' | 'boolean' | readonly string[];

export type Filterable = Readonly<Record<string, FilterKind>>;

/** Why nobody has many of these. */
interface Few {
  readonly few: string;
}

/** Which indexes lead to what, where a tenant may have a million. A test holds them against the tables. */
export interface Many {
  /** The columns that all indexes begin with, and of which the query of each list names one value. */
  readonly scope: readonly string[];
  /** The fields after which the list can be walked: the index goes on with them and the id. */
  readonly walks: readonly string[];
  /** The names of those indexes, where they are not as `addIndex` would call them. */
  readonly named?: Readonly<Record<string, string>>;
  /** Others of which an index goes on with the field. */
  readonly finds?: readonly string[];
}

export interface ListingOptions {
  /** For instance `createdAt desc`. */
  readonly defaultOrder: string;
  /** Columns that are never null. */
  readonly orderable: readonly string[];
  readonly filterable?: Filterable;
  readonly size: Few | Many;
}

export interface SortKey {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':';

export interface Comparison {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string | number | boolean | Date;
}

export interface Condition {
  readonly condition: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Which rows of the scope the caller may see at all, where that is not all of them. */
export interface Narrowing extends Condition {
  /** The same in words that lead nowhere, where the list is walked; `condition` is needed only while it leads to few. */
  readonly loosely?: string;
  /** Says it of what leads to them, where that is less work. */
  readonly leadsToMoreThan?: (count: number) => Promise<boolean>;
  /** Whether few of them are found by their ids, and not by an index that begins with the scope. */
  readonly isById?: boolean;
}
