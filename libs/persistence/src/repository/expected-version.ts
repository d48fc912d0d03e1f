import { type FindOperator, In } from 'typeorm';

import { Refusal } from '@libs/errors';

/** Which versions of what is changed a caller has seen: one, any of a list, or `any` as long as it is there. */
export type ExpectedVersion = number | readonly number[] | 'any';

/** Whether the version is one of those; without an expectation every one is. */
export function isExpected(expected: ExpectedVersion | undefined, version: number): boolean {
  if (expected === undefined || expected === 'any') return true;
  return typeof expected === 'number' ? expected === version : expected.includes(version);
}

/** The same as a condition on a row. */
export function whereVersion(expected: ExpectedVersion | undefined): { version?: number | FindOperator<number> } {
  if (expected === undefined || expected === 'any') return {};
  return { version: typeof expected === 'number' ? expected : In([...expected]) };
}

/** The version that a change must find: the current one, if that is expected. */
export function agreedVersion(expected: ExpectedVersion | undefined, current: number): number {
  if (!isExpected(expected, current)) throw new Refusal('RESOURCE_CHANGED');
  return current;
}
