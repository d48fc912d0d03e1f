import { type FindOperator, In } from 'typeorm';

import { Refusal } from '@libs/errors';

/**
 * Which versions of what is changed a caller has seen: one, any of a list, `any` as long as it is there, or `none`, because
 * it is to be new.
 */
export type ExpectedVersion = number | readonly number[] | 'any' | 'none';

/** Whether the version is one of those; without an expectation every one is. */
export function isExpected(expected: ExpectedVersion | undefined, version: number): boolean {
  if (expected === undefined || expected === 'any') return true;
  if (expected === 'none') return false;
  return typeof expected === 'number' ? expected === version : expected.includes(version);
}

/** The same as a condition on a row. */
export function whereVersion(expected: ExpectedVersion | undefined): { version?: number | FindOperator<number> } {
  if (expected === undefined || expected === 'any') return {};
  if (expected === 'none') return { version: In([]) };
  return { version: typeof expected === 'number' ? expected : In([...expected]) };
}

/** Whether something may be made that was not there: whoever has seen a version of it expects it to be. */
export const isExpectedNew = (expected: ExpectedVersion | undefined): boolean =>
  expected === undefined || expected === 'none';

/** The version that a change must find: the current one, if that is expected. */
export function agreedVersion(expected: ExpectedVersion | undefined, current: number): number {
  if (!isExpected(expected, current)) throw new Refusal('RESOURCE_CHANGED');
  return current;
}
