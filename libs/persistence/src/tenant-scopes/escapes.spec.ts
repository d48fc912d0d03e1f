import { assert, constantFrom, letrec, oneof, property, tuple } from 'fast-check';
import Libsql from 'libsql';

import { TenantScopes } from './tenant-scopes.js';

class Note {}
class Member {
  static readonly alsoFoundBy = {
    userId: 'why',
    'dueAt <= ?': 'why',
    'goneAt < ?': 'why',
    'place > ?': 'why',
    'dueAt IS NOT NULL': 'why',
  };
}
class OldMember extends Member {}
class Shop {}

const scopesOf = (entities: Record<string, unknown>): TenantScopes =>
  new TenantScopes({
    entityMetadatas: Object.entries(entities).map(([tableName, target]) => ({
      tableName,
      target,
      columns: target === Shop ? [{ databaseName: 'id' }] : [{ databaseName: 'id' }, { databaseName: 'tenantId' }],
    })),
  } as never);

const passes = (scopes: TenantScopes, sql: string): boolean => {
  try {
    scopes.check(sql);
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/does not name the tenant|cannot be read/);
    return false;
  }
};

describe('what may be asked of a table of tenants', () => {
  const scopes = scopesOf({ notes: Note, members: Member, old_members: OldMember, shops: Shop });

  it.each([
    'SELECT * FROM notes WHERE tenantId = ?',
    'SELECT * FROM notes n WHERE n.stars > 3 AND n.tenantId = ? ORDER BY n.stars LIMIT 5 FOR UPDATE',
    'SELECT "note"."id" FROM "notes" "note" WHERE ((("note"."tenantId" = ?))) AND ("note"."deletedAt" IS NULL)',
    'SELECT * FROM `gatehouse`.`notes` AS `n` WHERE `n`.`tenantId` IN (?, ?)',
    "select * from Notes where 'tenant-1' = tenantId",
    'SELECT * FROM notes WHERE (tenantId = ? AND stars = 1) OR (stars = 2 AND tenantId = ?)',
    'SELECT * FROM notes WHERE stars BETWEEN 1 AND 2 AND tenantId = ?',
    'SELECT * FROM notes WHERE 0=1',
    'UPDATE notes SET stars = stars + 1 WHERE id = ? AND tenantId = ?',
    'DELETE FROM notes WHERE tenantId = ?',
    'INSERT INTO notes (id, tenantId) VALUES (?, ?)',
    'INSERT INTO notes (id, tenantId) SELECT id, tenantId FROM notes WHERE tenantId = ?',
    'SELECT 1 FROM notes n JOIN members m ON m.tenantId = n.tenantId WHERE n.tenantId = ?',
    'SELECT 1 FROM notes n LEFT JOIN members m ON m.userId = ? WHERE n.tenantId = ?',
    'SELECT 1 FROM notes n LEFT OUTER JOIN members m ON m.tenantId = ? WHERE n.tenantId = ?',
    'SELECT 1 FROM notes n, members m WHERE n.tenantId = ? AND m.tenantId = n.tenantId',
    'SELECT 1 FROM shops s JOIN members m ON m.tenantId = s.id AND m.userId = ?',
    'SELECT 1 FROM notes n WHERE n.tenantId = ? AND EXISTS (SELECT 1 FROM members m WHERE m.tenantId = n.tenantId)',
    'SELECT 1 WHERE EXISTS (SELECT 1 FROM notes WHERE tenantId = ?) LIMIT 1',
    'SELECT count(*) FROM (SELECT DISTINCT id FROM notes WHERE tenantId = ?) d',
    'WITH mine AS (SELECT * FROM notes WHERE tenantId = ?) SELECT * FROM mine',
    'SELECT id FROM notes WHERE tenantId = ? UNION SELECT id FROM members WHERE userId = ?',
    'SELECT * FROM members WHERE userId = ?',
    'SELECT * FROM members WHERE tenantId = ? OR userId = ?',
    'SELECT * FROM members WHERE dueAt <= ?',
    'SELECT * FROM members WHERE goneAt < ?',
    'SELECT * FROM members WHERE place > ? ORDER BY place',
    'SELECT * FROM members m WHERE NOT(m.dueAt IS NULL) ORDER BY m.dueAt',
    "SELECT * FROM shops WHERE name = 'notes'",
  ])('passes: %s', (sql) => {
    expect(passes(scopes, sql)).toBe(true);
  });

  it.each([
    { by: 'nothing', sql: 'SELECT * FROM notes' },
    { by: 'the tenant in what is selected', sql: 'SELECT tenantId FROM notes WHERE stars = 1' },
    { by: 'the tenant in the order', sql: 'SELECT * FROM notes WHERE stars = 1 ORDER BY tenantId = ?' },
    { by: 'the tenant in HAVING', sql: 'SELECT stars FROM notes GROUP BY stars HAVING tenantId = ?' },
    { by: 'OR', sql: 'SELECT * FROM notes WHERE tenantId = ? OR stars = 1' },
    { by: 'OR in brackets', sql: 'SELECT * FROM notes WHERE (stars = 1 OR (tenantId = ?)) AND stars = 2' },
    { by: 'XOR', sql: 'SELECT * FROM notes WHERE tenantId = ? AND stars = 1 XOR stars = 2' },
    { by: '||', sql: 'SELECT * FROM notes WHERE tenantId = ? AND stars = 1 || stars = 2' },
    { by: 'another comparison', sql: 'SELECT * FROM notes WHERE tenantId <> ?' },
    { by: 'a greater one', sql: 'SELECT * FROM notes WHERE tenantId > ?' },
    { by: 'LIKE', sql: "SELECT * FROM notes WHERE tenantId LIKE '%'" },
    { by: 'IS NOT NULL', sql: 'SELECT * FROM notes WHERE tenantId IS NOT NULL' },
    { by: 'NOT', sql: 'SELECT * FROM notes WHERE NOT (tenantId = ?)' },
    { by: 'NOT without brackets', sql: 'SELECT * FROM notes WHERE NOT tenantId = ?' },
    { by: 'NOT IN', sql: 'SELECT * FROM notes WHERE tenantId NOT IN (?)' },
    { by: 'itself', sql: 'SELECT * FROM notes WHERE tenantId = tenantId' },
    { by: 'another column', sql: 'SELECT * FROM notes WHERE tenantId = ownerId' },
    { by: 'more than a comparison', sql: "SELECT * FROM notes WHERE tenantId = ? IS NOT 'x'" },
    { by: 'a function', sql: 'SELECT * FROM notes WHERE COALESCE(tenantId = ?, 1)' },
    { by: 'CASE', sql: 'SELECT * FROM notes WHERE CASE WHEN stars AND tenantId = ? AND 1 THEN 1 ELSE 1 END' },
    { by: 'BETWEEN', sql: 'SELECT * FROM notes WHERE stars BETWEEN 0 AND tenantId = ?' },
    { by: 'whatever tenants there are', sql: 'SELECT * FROM notes WHERE tenantId IN (SELECT id FROM shops)' },
    { by: 'a string', sql: "SELECT * FROM notes WHERE name = 'tenantId = ?'" },
    { by: 'a string that goes on elsewhere', sql: String.raw`SELECT * FROM notes WHERE name = '\' AND tenantId = ?` },
    { by: 'a comment', sql: 'SELECT * FROM notes WHERE stars = 1 -- AND tenantId = ?' },
    { by: 'a comment inside', sql: 'SELECT * FROM notes /* WHERE tenantId = ? */' },
    { by: 'a second statement', sql: 'SELECT 1; SELECT * FROM notes WHERE tenantId = ?' },
    { by: 'the tenant of another table', sql: 'SELECT * FROM notes n JOIN shops s ON s.tenantId = ?' },
    { by: 'the tenant of nobody knows which', sql: 'SELECT * FROM notes n JOIN shops s ON 1 = 1 WHERE tenantId = ?' },
    { by: 'a join that narrows itself alone', sql: 'SELECT * FROM notes n LEFT JOIN members m ON n.tenantId = ?' },
    { by: 'a join from the right', sql: 'SELECT * FROM shops s RIGHT JOIN notes n ON n.tenantId = ?' },
    { by: 'a full join', sql: 'SELECT * FROM shops s FULL OUTER JOIN notes n ON n.tenantId = ?' },
    { by: 'two tables that name each other', sql: 'SELECT * FROM notes n JOIN members m ON m.tenantId = n.tenantId' },
    { by: 'only one of two', sql: 'SELECT * FROM notes a, notes b WHERE a.tenantId = ?' },
    {
      by: 'a user in place of the tenant',
      sql: 'SELECT * FROM members m JOIN notes n ON n.tenantId = m.tenantId WHERE m.userId = ?',
    },
    { by: 'a sub-select', sql: 'SELECT * FROM shops WHERE id IN (SELECT shopId FROM notes)' },
    {
      by: 'a sub-select that names the outer one',
      sql: 'SELECT * FROM notes n WHERE EXISTS (SELECT 1 FROM shops WHERE n.tenantId = ?)',
    },
    { by: 'a derived table', sql: 'SELECT * FROM (SELECT * FROM notes) n WHERE n.tenantId = ?' },
    { by: 'a CTE', sql: 'WITH n AS (SELECT * FROM notes) SELECT * FROM n WHERE tenantId = ?' },
    { by: 'one half of a union', sql: 'SELECT id FROM notes WHERE tenantId = ? UNION ALL SELECT id FROM notes' },
    { by: 'another case', sql: 'SELECT * FROM NOTES' },
    { by: 'a schema', sql: 'SELECT * FROM main.notes' },
    { by: 'an update', sql: 'UPDATE notes SET stars = 5' },
    { by: 'what an update sets', sql: 'UPDATE notes SET tenantId = ?' },
    { by: 'an update of another kind', sql: 'UPDATE OR IGNORE notes SET stars = 5 WHERE tenantId = ?' },
    { by: 'a delete', sql: 'DELETE FROM notes' },
    { by: 'a delete of several tables', sql: 'DELETE notes FROM notes JOIN shops WHERE notes.tenantId = ?' },
    { by: 'an insert', sql: 'INSERT INTO shops SELECT * FROM notes' },
    { by: 'TRUNCATE', sql: 'TRUNCATE notes' },
    { by: 'TABLE', sql: 'TABLE notes' },
    { by: 'an index hint', sql: 'SELECT * FROM notes USE INDEX (x)' },
    { by: 'brackets of SQLite', sql: 'SELECT * FROM [notes] WHERE tenantId = ?' },
    { by: 'another column that is also looked for', sql: 'SELECT * FROM members WHERE userId > ?' },
    { by: 'what has gone, and what has not', sql: 'SELECT * FROM members WHERE goneAt > ?' },
    { by: 'a place, and all below it', sql: 'SELECT * FROM members WHERE place < ?' },
    { by: 'what another table is found by', sql: 'SELECT * FROM old_members WHERE userId = ?' },
    { by: 'what everything has', sql: 'SELECT * FROM members WHERE toString = ?' },
    { by: 'more than what is due', sql: 'SELECT * FROM members WHERE dueAt >= ?' },
  ])('refuses what is narrowed by $by', ({ sql }) => {
    expect(passes(scopes, sql)).toBe(false);
  });
});

/** Against the database itself: whatever passes, however it is built, shows rows of one tenant. */
describe('a statement that passes', () => {
  const scopes = scopesOf({ notes: Note, members: class {} });
  const database = new Libsql(':memory:');
  for (const table of ['notes', 'members']) {
    database.exec(`CREATE TABLE ${table} (tenantId TEXT, stars INTEGER)`);
    for (const tenant of ['mine', 'theirs']) {
      for (const stars of [0, 1, 2]) database.exec(`INSERT INTO ${table} VALUES ('${tenant}', ${stars})`);
    }
  }
  afterAll(() => database.close());

  const comparison = constantFrom(
    ...['n', 'm'].flatMap((t) => [
      `${t}.tenantId = 'mine'`,
      `'mine' = ${t}.tenantId`,
      `${t}.tenantId IN ('mine')`,
      `${t}.tenantId <> 'mine'`,
      `${t}.tenantId NOT IN ('mine')`,
      `${t}.tenantId IS NOT NULL`,
      `${t}.tenantId = ${t}.tenantId`,
      `${t}.stars = 1`,
      `${t}.stars BETWEEN 0 AND 1`,
      `${t}.stars BETWEEN 0 AND ${t}.tenantId = 'mine'`,
      `CASE WHEN ${t}.stars AND ${t}.tenantId = 'mine' AND 1 THEN 1 ELSE 1 END`,
      `${t}.stars || 1`,
    ]),
    'n.tenantId = m.tenantId',
    'm.tenantId = n.tenantId',
    '0 = 1',
  );
  const { condition } = letrec<{ condition: string }>((tie) => {
    const joined = (word: string) => tuple(tie('condition'), tie('condition')).map(([a, b]) => `${a} ${word} ${b}`);
    const bracketed = tie('condition').map((inner) => `(${inner})`);
    const negated = tie('condition').map((inner) => `NOT ${inner}`);
    return {
      condition: oneof(
        { depthSize: 'small', withCrossShrink: true },
        comparison,
        joined('AND'),
        joined('AND'),
        joined('OR'),
        bracketed,
        negated,
      ),
    };
  });
  const join = constantFrom('JOIN', 'LEFT JOIN', 'INNER JOIN', 'RIGHT JOIN', 'FULL OUTER JOIN');

  it('shows rows of the tenant it names and no others, whatever is joined by what', () => {
    let passed = 0;
    assert(
      property(join, condition, condition, condition, (kind, on, where, inner) => {
        const exists = `EXISTS (SELECT 1 FROM members m WHERE ${inner})`;
        const sql = `SELECT n.tenantId, m.tenantId FROM notes n ${kind} members m ON ${on} WHERE ${where}`;
        for (const statement of [sql, `${sql} AND ${exists}`, `${sql} OR ${exists}`]) {
          if (!passes(scopes, statement)) continue;
          passed += 1;
          const rows = database.prepare(statement).raw().all() as unknown[][];
          expect(rows.flat().filter((tenant) => tenant !== null && tenant !== 'mine')).toEqual([]);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(passed).toBeGreaterThan(50);
  });
});
