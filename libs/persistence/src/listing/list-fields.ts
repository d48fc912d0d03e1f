/** What a field can be compared with. A list of words is an enumeration. */
export type FilterKind = 'text' | 'id' | 'time' | 'number' | 'boolean' | readonly string[];

export type Filterable = Readonly<Record<string, FilterKind>>;

export interface ListingOptions {
  /** For instance `createdAt desc`. */
  readonly defaultOrder: string;
  /** Columns that are never null. */
  readonly orderable: readonly string[];
  readonly filterable?: Filterable;
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
