import type { LimitPolicy } from '@libs/rate-limits';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Each window is longer and closer than the one before: whoever goes on guessing waits longer and longer. */
const growing = (name: string, windows: readonly (readonly [quota: number, windowMs: number])[]): LimitPolicy[] =>
  windows.map(([quota, windowMs]) => ({
    name: `${name}-${windowMs / minute}m`,
    algorithm: 'sliding-window',
    quota,
    windowMs,
  }));

/** One account from one place. */
export const placePolicies = growing('secret-place', [
  [5, minute],
  [10, 10 * minute],
  [20, hour],
  [50, day],
]);

/** One account from all places that it was never used from, so that many addresses guess no faster than a few. */
export const accountPolicies = growing('secret-account', [
  [20, 10 * minute],
  [50, hour],
  [100, day],
]);

/** One place, whatever the account: trying one password on many accounts is guessing, too. */
export const addressPolicies = (quota: number): LimitPolicy[] =>
  growing('secret-address', [
    [quota, 10 * minute],
    [3 * quota, hour],
    [10 * quota, day],
  ]);

/** A registration that goes on with a lost one: clients try again by themselves, and it is pending for seconds. */
export const registrationPolicies = growing('secret-registration', [
  [20, minute],
  [40, hour],
  [100, day],
]);

/** Letters that ask one address whether it is theirs, whichever accounts were made with it. */
export const askingPolicies = growing('asking', [
  [5, 10 * minute],
  [10, hour],
  [20, day],
]);

/** Letters to one person: nobody's mailbox is filled by asking for them. */
export const emailPolicies = growing('letters', [
  [3, 10 * minute],
  [6, hour],
  [12, day],
]);
