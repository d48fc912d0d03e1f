import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

import { getMetadataArgsStorage } from 'typeorm';

/**
 * How often a file asks the entity manager for rows of tenants. What it asks has the tenant in it, or the statement is
 * refused; but each is a place that must think of it. A count goes down with its place, and never up.
 */
const pastTheRepositories: Readonly<Record<string, number>> = {
  'accepted-mail-invitations.service.ts': 4,
  'api-key.store.ts': 5,
  'audit-chains.ts': 7,
  'audit-reader.ts': 1,
  'chain-verifier.ts': 4,
  'endings-follower.ts': 4,
  'endings-log.ts': 2,
  'instances.repository.ts': 1,
  'invitation-ends.ts': 12,
  'living-tenants.ts': 1,
  'mail-invitations.service.ts': 2,
  'members.repository.ts': 3,
  'memberships.service.ts': 1,
  'moves.repository.ts': 5,
  'my-invitations.service.ts': 3,
  'own-tenants.service.ts': 1,
  'ownership.ts': 1,
  'projects.repository.ts': 2,
  'refresh-token.store.ts': 1,
  'registration.store.ts': 9,
  'seats.ts': 2,
  'secret-sealing.ts': 4,
  'session.store.ts': 9,
  'tenant-access.ts': 2,
  'tenant-belongings.ts': 2,
  'tenant-invitations.service.ts': 1,
  'tenant-roles.service.ts': 3,
  'user-lifecycle.service.ts': 1,
  'user-purge.service.ts': 2,
};

interface Entity {
  readonly name: string;
  readonly columns: readonly string[];
  readonly alsoFoundBy: unknown;
}

const sources = globSync('{apps,libs}/*/src/**/*.ts').filter((file) => !/\.(?:spec|fixture)\.ts$/.test(file));

/** A class and those that it extends. */
const lineOf = (target: unknown): unknown[] =>
  typeof target === 'function' ? [target, ...lineOf(Object.getPrototypeOf(target))] : [];

/** All entities that there are, with the columns that they inherit. */
async function entities(): Promise<Entity[]> {
  for (const file of sources.filter((each) => /^@Entity\(/m.test(readFileSync(each, 'utf8')))) {
    await import(pathToFileURL(file).href);
  }
  const { tables, columns } = getMetadataArgsStorage();
  return tables.map(({ target }) => ({
    name: (target as { name: string }).name,
    columns: columns.filter((column) => lineOf(target).includes(column.target)).map(({ propertyName }) => propertyName),
    alsoFoundBy: Object.getOwnPropertyDescriptor(target, 'alsoFoundBy')?.value,
  }));
}

describe('the entities of tenants', () => {
  let all: Entity[];
  let ofTenants: Entity[];
  beforeAll(async () => {
    all = await entities();
    ofTenants = all.filter(({ columns }) => columns.includes('tenantId'));
  });

  it('are all that have the id of a tenant, whichever service has them', () => {
    const names = ofTenants.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Project', 'Instance', 'ApiKey', 'Session', 'AuditEntry', 'Ending']));
    const told = sources.filter((file) => /^@Entity\(/m.test(readFileSync(file, 'utf8'))).length;
    expect(all.length).toBeGreaterThanOrEqual(told);
  });

  it('say each by what they are found across tenants, and why, or that they are not', () => {
    const silent = ofTenants.filter(({ alsoFoundBy }) => alsoFoundBy === undefined).map(({ name }) => name);
    expect(silent).toEqual([]);
    for (const { name, columns, alsoFoundBy } of ofTenants) {
      for (const [condition, why] of Object.entries(alsoFoundBy as Record<string, string>)) {
        const [, column, words] = /^(\w+)(?: (.+))?$/.exec(condition) ?? [];
        expect({ name, column, isThere: columns.includes(String(column)) }).toEqual({ name, column, isThere: true });
        expect([undefined, '<= ?', '< ?', '> ?', 'IS NOT NULL']).toContain(words);
        expect(why.split(' ').length).toBeGreaterThan(3);
      }
    }
  });

  it('are the only ones that say so', () => {
    const others = all.filter(({ columns }) => !columns.includes('tenantId'));
    expect(others.filter(({ alsoFoundBy }) => alsoFoundBy !== undefined)).toEqual([]);
  });

  it('are reached through their repositories; past them, in no more places than there were', () => {
    const names = ofTenants.map(({ name }) => name).join('|');
    const past = new RegExp(
      String.raw`\bmanager\s*(?:\.\s*\w+\(|,)\s*(?:${names})\b|\.(?:from|into|update)\(\s*(?:${names})\b`,
      'g',
    );
    const found = sources
      .map((file) => [basename(file), readFileSync(file, 'utf8').match(past)?.length ?? 0] as const)
      .filter(([, count]) => count > 0);
    expect(Object.fromEntries(found)).toEqual(pastTheRepositories);
  });
});
