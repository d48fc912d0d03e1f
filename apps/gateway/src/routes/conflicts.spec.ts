import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { route } from '../configuration/schema/route.schema.js';
import { readRoute } from './case-routes.fixture.js';
import { findConflicts } from './conflicts.js';
import { compileClaim } from './model/route-claim.js';

const folder = join(import.meta.dirname, 'conflicts.cases');

const conflictsOf = (lines: readonly string[]): string[] => {
  const claims = lines.map((line) => compileClaim(route.parse(readRoute(line))));
  return findConflicts(claims).map((conflict) => `${claims[conflict.index]?.id} and ${conflict.with.id}`);
};

describe('findConflicts', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    const [routes = '', conflicts] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
    expect(conflictsOf(routes.split('\n')).join('\n') || 'none').toBe(conflicts);
  });

  it('looks through ten thousand routes at one place, each for a tenant of its own', () => {
    const tenants = Array.from({ length: 10_000 }, (_, n) => `r${n} /x * * header:X-Tenant=t${n}`);
    const startedAt = performance.now();
    expect(conflictsOf([...tenants, 'last /x * * header:X-Tenant=t77'])).toEqual(['last and r77']);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
