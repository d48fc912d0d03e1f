import { isSign, isWord, type SqlNode, splitAt } from './sql-nodes.js';

export interface TableUse {
  /** In small letters, as the alias; empty for the rows of a query. */
  readonly table: string;
  readonly alias: string;
  /** What rows of this table must fulfil to be joined. */
  on: readonly SqlNode[];
}

/** One SELECT, UPDATE or DELETE: whose rows it looks at, and what it wants of them. */
export interface SqlQuery {
  readonly tables: TableUse[];
  where: readonly SqlNode[];
  readonly inner: SqlQuery[];
}

export interface SqlQueries {
  readonly queries: readonly SqlQuery[];
  /** The names that were read as tables, or as the alias of the table itself. */
  readonly tableNames: ReadonlySet<SqlNode>;
}

const clauses = 'WHERE GROUP ORDER LIMIT HAVING FOR LOCK WINDOW RETURNING OFFSET SET VALUES SELECT'.split(' ');
const joins = 'JOIN LEFT RIGHT FULL INNER CROSS OUTER NATURAL STRAIGHT_JOIN'.split(' ');
const others = 'ON USING USE IGNORE FORCE INDEXED NOT AS'.split(' ');
const between = ['UNION', 'EXCEPT', 'INTERSECT'];

/** Everything that a statement looks at, sub-selects included. What is not understood is not in `tableNames`. */
export function queriesIn(nodes: readonly SqlNode[], tableNames = new Set<SqlNode>()): SqlQueries {
  const queries = splitAt(nodes, (node) => isWord(node, ...between)).map((part) => readQuery(part, tableNames));
  return { queries, tableNames };
}

function readQuery(nodes: readonly SqlNode[], tableNames: Set<SqlNode>): SqlQuery {
  const query: SqlQuery = { tables: [], where: [], inner: [] };
  let isAmongTables = false;
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at] as SqlNode;
    if (node.kind === 'group') query.inner.push(...innerQueries(node.nodes, tableNames));
    if (isWord(node, 'FROM', 'UPDATE')) isAmongTables = true;
    else if (isWord(node, ...clauses)) isAmongTables = false;

    if (isWord(node, 'INTO')) readTable(nodes, at + 1, tableNames);
    else if (isWord(node, 'FROM', 'JOIN', 'STRAIGHT_JOIN', 'UPDATE') || (isAmongTables && isSign(node, ','))) {
      const use = readTable(nodes, at + 1, tableNames);
      if (use !== undefined) query.tables.push(use);
    } else if (isWord(node, 'WHERE')) {
      query.where = upTo(nodes, at + 1, clauses);
    } else if (isWord(node, 'ON') && isAmongTables && !isOfRightJoin(nodes, at)) {
      const joined = query.tables.at(-1);
      if (joined !== undefined) joined.on = upTo(nodes, at + 1, [...clauses, ...joins], ',');
    }
  }
  return query;
}

/** The rows of a table that is joined from the right come whatever the condition says. */
function isOfRightJoin(nodes: readonly SqlNode[], on: number): boolean {
  const join = nodes.slice(0, on).findLastIndex((node) => isWord(node, 'JOIN', 'STRAIGHT_JOIN'));
  return (
    isWord(nodes[join - 1], 'RIGHT', 'FULL') || (isWord(nodes[join - 1], 'OUTER') && !isWord(nodes[join - 2], 'LEFT'))
  );
}

function innerQueries(nodes: readonly SqlNode[], tableNames: Set<SqlNode>): readonly SqlQuery[] {
  if (isWord(nodes[0], 'SELECT', 'WITH')) return queriesIn(nodes, tableNames).queries;
  return nodes.flatMap((node) => (node.kind === 'group' ? innerQueries(node.nodes, tableNames) : []));
}

/** `[schema.]table [[AS] alias]`. */
function readTable(nodes: readonly SqlNode[], from: number, tableNames: Set<SqlNode>): TableUse | undefined {
  let at = from;
  if (isSign(nodes[at + 1], '.')) at += 2;
  const table = nodes[at];
  if (table === undefined || (table.kind !== 'group' && !isName(table))) return undefined;
  const aliasAt = isWord(nodes[at + 1], 'AS') ? at + 2 : at + 1;
  const alias = nodes[aliasAt];
  // What goes on after the name is not a table that is understood.
  if (isSign(nodes[at + 1], '.') || isSign(nodes[aliasAt + 1], '.')) return undefined;
  if (table.kind !== 'group') tableNames.add(table);
  const name = table.kind === 'group' ? '' : table.text.toLowerCase();
  const own = isName(alias) ? alias.text.toLowerCase() : name;
  if (own === name && alias !== undefined) tableNames.add(alias);
  return { table: name, alias: own, on: [] };
}

const isName = (node: SqlNode | undefined): node is Exclude<SqlNode, { kind: 'group' }> =>
  node?.kind === 'name' || (node?.kind === 'word' && !isWord(node, ...clauses, ...joins, ...others));

function upTo(
  nodes: readonly SqlNode[],
  from: number,
  words: readonly string[],
  ...signs: string[]
): readonly SqlNode[] {
  const end = nodes.findIndex((node, at) => at >= from && (isWord(node, ...words) || isSign(node, ...signs)));
  return nodes.slice(from, end === -1 ? undefined : end);
}
