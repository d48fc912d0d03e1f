import type { Limit, LimitAlgorithmName, LimitPolicy } from './rate-limiter.js';

const letters: Readonly<Record<LimitAlgorithmName, string>> = {
  'token-bucket': 't',
  'leaky-bucket': 'l',
  'fixed-window': 'f',
  'sliding-window': 's',
  concurrency: 'c',
};

export const letterOf = ({ algorithm }: LimitPolicy): string => letters[algorithm];

/** Policies live as long as a configuration, and are asked about with every request. */
const prefixes = new WeakMap<LimitPolicy, string>();

/**
 * The name under which a budget is kept. A state is read only by the algorithm that wrote it, with windows of the
 * same length; a new quota goes on with what is spent.
 */
export function limitId({ policy, key }: Limit): string {
  let prefix = prefixes.get(policy);
  if (prefix === undefined) {
    prefix = `${letterOf(policy)}:${policy.windowMs}:${policy.name}:`;
    prefixes.set(policy, prefix);
  }
  return prefix + key;
}
