import { placeOf } from '../http/path-pattern.js';
import { areDisjoint, type Predicate } from './model/predicate.js';
import type { RouteClaim } from './model/route-claim.js';

export interface Conflict {
  /** Position of the later of the two. */
  readonly index: number;
  readonly with: RouteClaim;
}

interface Placed {
  readonly index: number;
  readonly claim: RouteClaim;
}

/** Routes that are equally specific, have one priority, and could match one and the same request. */
export function findConflicts(claims: readonly RouteClaim[]): Conflict[] {
  const conflicts = new Map<number, Conflict>();
  for (const group of equallySpecific(claims)) {
    for (const conflict of conflictsWithin(group)) {
      if (!conflicts.has(conflict.index)) conflicts.set(conflict.index, conflict);
    }
  }
  return [...conflicts.values()].toSorted((a, b) => a.index - b.index);
}

function equallySpecific(claims: readonly RouteClaim[]): Placed[][] {
  const groups = new Map<string, Placed[]>();
  claims.forEach((claim, index) => {
    const { host, pattern, headers, query, priority } = claim;
    for (const method of claim.methods ?? ['*']) {
      const key = `${method} ${placeOf(host, pattern)} ${headers.length} ${query.length} ${priority}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ index, claim }]);
      else group.push({ index, claim });
    }
  });
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Goes by the value that most of them ask for: of ten thousand, each meets only those that ask for the same. */
function conflictsWithin(group: readonly Placed[]): Conflict[] {
  const discriminator = mostAskedFor(group);
  const earlier: Placed[] = [];
  const withoutIt: Placed[] = [];
  const byValue = new Map<string, Placed[]>();
  const conflicts: Conflict[] = [];
  for (const placed of group) {
    const values = valuesAskedFor(placed.claim, discriminator);
    const rivals =
      values === undefined ? earlier : [...withoutIt, ...values.flatMap((value) => byValue.get(value) ?? [])];
    const rival = rivals.find((other) => !areClaimsDisjoint(other.claim, placed.claim));
    if (rival !== undefined) conflicts.push({ index: placed.index, with: rival.claim });

    earlier.push(placed);
    if (values === undefined) withoutIt.push(placed);
    for (const value of values ?? []) {
      const bucket = byValue.get(value);
      if (bucket === undefined) byValue.set(value, [placed]);
      else bucket.push(placed);
    }
  }
  return conflicts;
}

interface Asked {
  readonly source: 'headers' | 'query';
  readonly name: string;
}

function mostAskedFor(group: readonly Placed[]): Asked | undefined {
  const counts = new Map<string, { readonly asked: Asked; count: number }>();
  for (const { claim } of group) {
    for (const source of ['headers', 'query'] as const) {
      for (const { name, condition } of claim[source]) {
        if (condition.kind !== 'is') continue;
        const entry = counts.get(`${source} ${name}`) ?? { asked: { source, name }, count: 0 };
        entry.count++;
        counts.set(`${source} ${name}`, entry);
      }
    }
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.asked;
}

function valuesAskedFor(claim: RouteClaim, asked: Asked | undefined): readonly string[] | undefined {
  if (asked === undefined) return undefined;
  const predicate = claim[asked.source].find(({ name, condition }) => name === asked.name && condition.kind === 'is');
  return predicate?.condition.kind === 'is' ? [...predicate.condition.values] : undefined;
}

/** Whether no request meets both, by its headers or its query. */
const areClaimsDisjoint = (one: RouteClaim, other: RouteClaim): boolean =>
  exclude(one.headers, other.headers) || exclude(one.query, other.query);

const exclude = (one: readonly Predicate[], other: readonly Predicate[]): boolean =>
  one.some((predicate) =>
    other.some(({ name, condition }) => name === predicate.name && areDisjoint(predicate.condition, condition)),
  );
