export interface ColumnShape {
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

/** A table as the database describes it. */
export interface TableShape {
  readonly columns: Readonly<Record<string, ColumnShape>>;
  /** What may not be there twice, as lists of columns. */
  readonly unique: readonly string[];
  /** What must be there elsewhere, as `column -> table`. */
  readonly references: readonly string[];
}

export type TableShapes = Readonly<Record<string, TableShape>>;

/** Why a process that knows the tables as they were before could fail at what they are after. */
export function breaksOf(before: TableShapes, after: TableShapes): string[] {
  return Object.entries(before).flatMap(([table, was]) => {
    const is = after[table];
    if (is === undefined) return [`${table} is gone`];
    return [
      ...columnBreaks(table, was, is),
      ...is.unique.filter((each) => !was.unique.includes(each)).map((each) => `${table} (${each}) has become unique`),
      ...is.references.filter((each) => !was.references.includes(each)).map((each) => `${table} has to find ${each}`),
    ];
  });
}

function columnBreaks(table: string, was: TableShape, is: TableShape): string[] {
  const breaks: string[] = [];
  for (const [name, before] of Object.entries(was.columns)) {
    const after = is.columns[name];
    const place = `${table}.${name}`;
    if (after === undefined) breaks.push(`${place} is gone`);
    else {
      if (!holds(after.type, before.type)) breaks.push(`${place} was ${before.type} and is ${after.type}`);
      if (before.isNullable && !after.isNullable) breaks.push(`${place} takes no NULL any more`);
      if (before.hasDefault && !after.hasDefault) breaks.push(`${place} has no default any more`);
    }
  }
  for (const [name, { isNullable, hasDefault }] of Object.entries(is.columns)) {
    if (was.columns[name] === undefined && !isNullable && !hasDefault) breaks.push(`${table}.${name} has to be given`);
  }
  return breaks;
}

/** Whether all that fits into a column of the one type fits into the other. */
function holds(type: string, other: string): boolean {
  if (type === other) return true;
  const [wide, narrow] = [lengthOf(type), lengthOf(other)];
  return wide !== undefined && narrow !== undefined && wide >= narrow;
}

function lengthOf(type: string): number | undefined {
  if (type === 'longtext') return Infinity;
  const length = /^varchar\((\d+)\)$/.exec(type)?.[1];
  return length === undefined ? undefined : Number(length);
}
