import { ChangeLog } from './change-log.js';

describe('ChangeLog', () => {
  it.each([
    { statement: 'CREATE TABLE `plans` (`id` varchar(36) NOT NULL)', says: ['CREATE TABLE plans'] },
    {
      statement: 'ALTER TABLE `tenants` ADD COLUMN `planKey` varchar(40) NULL',
      says: ['ALTER TABLE tenants ADD COLUMN planKey varchar(40) NULL'],
    },
    { statement: 'CREATE UNIQUE INDEX "uq_a_b" ON "a" ("b")', says: ['CREATE UNIQUE INDEX uq_a_b ON a'] },
    { statement: "INSERT INTO plans (id, name)\n VALUES ('1', 'secret')", says: ['INSERT INTO plans'] },
    { statement: "UPDATE plans SET name = 'secret'", says: ['UPDATE plans'] },
    { statement: 'SELECT id FROM plans', says: [] },
    { statement: 'INSERT INTO `migrations`(`timestamp`, `name`) VALUES (?, ?)', says: [] },
    { statement: 'CREATE TABLE `migrations` (`id` int)', says: [] },
  ])('says $says of $statement', ({ statement, says }) => {
    const log = new ChangeLog();
    log.logQuery(statement);
    expect(log.changes).toEqual(says);
  });
});
