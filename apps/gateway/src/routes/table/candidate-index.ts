import type { Predicate, Value } from '../model/predicate.js';
import type { RequestValues } from './request-values.js';
import type { RouteModel } from '../model/route.model.js';

interface Ranked {
  readonly rank: number;
  readonly route: RouteModel;
}

/** Routes that ask for one name, by the value that they ask for. */
interface NameIndex {
  readonly byValue: Map<string, Ranked[]>;
  /** They ask for something else than one of a few values, but for something that is there. */
  readonly others: Ranked[];
}

type Source = 'headers' | 'query';

/**
 * Finds the first of many routes at one place by the headers and parameters that a request has: thousands of routes
 * that differ in one value cost what a few cost. Each is filed once, under the value that the fewest ask for.
 */
export class CandidateIndex {
  private readonly headers = new Map<string, NameIndex>();
  private readonly query = new Map<string, NameIndex>();
  /** They ask for nothing that is there. */
  private readonly unfiled: Ranked[] = [];

  /** `routes`: the most specific first. */
  constructor(routes: readonly RouteModel[]) {
    const demand = demandFor(routes);
    routes.forEach((route, rank) => this.file({ rank, route }, demand));
  }

  find(values: RequestValues): RouteModel | undefined {
    let best = firstOf(this.unfiled, values, undefined);
    if (this.headers.size > 0) {
      for (const name of values.headerNames) best = bestOf(this.headers.get(name), values.header(name), values, best);
    }
    if (this.query.size > 0) {
      for (const name of values.parameterNames) {
        best = bestOf(this.query.get(name), values.parameter(name), values, best);
      }
    }
    return best?.route;
  }

  private file(entry: Ranked, demand: ReadonlyMap<string, number>): void {
    let place: { source: Source; predicate: Predicate; asked: number } | undefined;
    for (const { source, predicate } of positivePredicates(entry.route)) {
      const asked = askedFor(source, predicate, demand);
      if (place === undefined || asked < place.asked) place = { source, predicate, asked };
    }
    if (place === undefined) return void this.unfiled.push(entry);
    const { source, predicate } = place;
    const index = this[source].get(predicate.name) ?? { byValue: new Map<string, Ranked[]>(), others: [] };
    this[source].set(predicate.name, index);
    if (predicate.condition.kind !== 'is') return void index.others.push(entry);
    for (const value of predicate.condition.values) {
      const entries = index.byValue.get(value);
      if (entries === undefined) index.byValue.set(value, [entry]);
      else entries.push(entry);
    }
  }
}

function bestOf(
  index: NameIndex | undefined,
  value: Value,
  values: RequestValues,
  best: Ranked | undefined,
): Ranked | undefined {
  if (index === undefined) return best;
  const filed = typeof value === 'string' ? (index.byValue.get(value) ?? []) : [];
  return firstOf(index.others, values, firstOf(filed, values, best));
}

/** The first that matches, unless `best` goes before it. */
function firstOf(entries: readonly Ranked[], values: RequestValues, best: Ranked | undefined): Ranked | undefined {
  for (const entry of entries) {
    if (best !== undefined && best.rank < entry.rank) return best;
    if (values.meet(entry.route)) return entry;
  }
  return best;
}

function* positivePredicates(route: RouteModel): Generator<{ source: Source; predicate: Predicate }> {
  for (const predicate of route.headers)
    if (predicate.condition.kind !== 'absent') yield { source: 'headers', predicate };
  for (const predicate of route.query) if (predicate.condition.kind !== 'absent') yield { source: 'query', predicate };
}

const keyOf = (source: Source, name: string, value: string): string => JSON.stringify([source, name, value]);

/** How many routes ask for each value. */
function demandFor(routes: readonly RouteModel[]): ReadonlyMap<string, number> {
  const demand = new Map<string, number>();
  for (const route of routes) {
    for (const { source, predicate } of positivePredicates(route)) {
      if (predicate.condition.kind !== 'is') continue;
      for (const value of predicate.condition.values) {
        const key = keyOf(source, predicate.name, value);
        demand.set(key, (demand.get(key) ?? 0) + 1);
      }
    }
  }
  return demand;
}

function askedFor(source: Source, { name, condition }: Predicate, demand: ReadonlyMap<string, number>): number {
  if (condition.kind !== 'is') return Number.POSITIVE_INFINITY;
  return Math.max(...[...condition.values].map((value) => demand.get(keyOf(source, name, value)) ?? 0));
}
