import { operationOf, shownStatement } from './statement-text.js';

describe('a statement that is shown', () => {
  it.each([
    ["SELECT * FROM users WHERE email = 'alice@example.com'", 'SELECT * FROM users WHERE email = ?'],
    ["INSERT INTO t VALUES ('it''s', 'a\\'b', 12, -3.5)", 'INSERT INTO t VALUES (?, ?, ?, ?)'],
    ["UPDATE t SET a = 'cut off in the mid", 'UPDATE t SET a = ?'],
    ['SELECT `t1`.`c2` FROM `t1` LIMIT 20', 'SELECT `t1`.`c2` FROM `t1` LIMIT ?'],
    ['SELECT ?,\n   ?', 'SELECT ?, ?'],
  ])('has no values: %s', (statement, shown) => {
    expect(shownStatement(statement)).toBe(shown);
  });

  it('has an end', () => {
    expect(shownStatement(`SELECT ${'a, '.repeat(100_000)}`).length).toBeLessThanOrEqual(1_000);
  });

  it.each([
    ['select 1', 'SELECT'],
    ['SELECT `p`.`id` FROM `gatehouse_project`.`projects` `p`', 'SELECT projects'],
    ['INSERT INTO "outbox_events"("id") VALUES (?)', 'INSERT outbox_events'],
    ['UPDATE `projects` SET a = ?', 'UPDATE projects'],
    ['START TRANSACTION', 'START'],
  ])('is named by what it does: %s', (statement, name) => {
    const { operation, table } = operationOf(statement);
    expect([operation, table].filter(Boolean).join(' ')).toBe(name);
  });
});
