import type { PredicateConfig } from '../../configuration/schema/predicate.schema.js';

/** What a route asks of one header or one query parameter. */
export interface Predicate {
  /** Of a header, in lower case. */
  readonly name: string;
  readonly condition: Condition;
}

export type Condition =
  | { readonly kind: 'is'; readonly values: ReadonlySet<string> }
  | { readonly kind: 'starts'; readonly text: string }
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' };

/** It is there more than once, so that nobody can say which of its values a service would take. */
export const several = Symbol('several values');

/** Undefined: it is not there. */
export type Value = string | typeof several | undefined;

export function compilePredicate(config: PredicateConfig): Predicate {
  return { name: config.name, condition: conditionOf(config) };
}

export function compileHeaderPredicate(config: PredicateConfig): Predicate {
  return { name: config.name.toLowerCase(), condition: conditionOf(config) };
}

function conditionOf({ is, oneOf, startsWith, contains, present = true }: PredicateConfig): Condition {
  if (is !== undefined) return { kind: 'is', values: new Set([is]) };
  if (oneOf !== undefined) return { kind: 'is', values: new Set(oneOf) };
  if (startsWith !== undefined) return { kind: 'starts', text: startsWith };
  if (contains !== undefined) return { kind: 'contains', text: contains };
  return { kind: present ? 'present' : 'absent' };
}

/** Several values meet no condition but that of being there. */
export function holds(condition: Condition, value: Value): boolean {
  if (condition.kind === 'absent') return value === undefined;
  if (condition.kind === 'present') return value !== undefined;
  return typeof value === 'string' && fits(condition, value);
}

function fits(condition: Exclude<Condition, { kind: 'present' | 'absent' }>, value: string): boolean {
  if (condition.kind === 'is') return condition.values.has(value);
  return condition.kind === 'starts' ? value.startsWith(condition.text) : value.includes(condition.text);
}

/** Whether no value meets both. In doubt they are not. */
export function areDisjoint(one: Condition, other: Condition): boolean {
  if (one.kind === 'absent' || other.kind === 'absent') return one.kind !== other.kind;
  if (one.kind === 'is') return [...one.values].every((value) => !holds(other, value));
  if (other.kind === 'is') return areDisjoint(other, one);
  if (one.kind !== 'starts' || other.kind !== 'starts') return false;
  return !one.text.startsWith(other.text) && !other.text.startsWith(one.text);
}
