/**
 * How an instance did at one request. `broken` may follow `answered`, every other one is the only one of its request.
 * - answered: the answer began, with a status below 500
 * - error: the answer began, with a status of 500 or more
 * - unreachable: there was no connection; nothing was sent
 * - timeout, reset, malformed: no answer that could be passed on
 * - broken: the answer began well and did not end well
 * - cancelled: the client went away first; this says nothing about the instance
 */
export type Outcome = 'answered' | 'error' | 'unreachable' | 'timeout' | 'reset' | 'malformed' | 'broken' | 'cancelled';

export const outcomeOfStatus = (status: number): Outcome => (status >= 500 ? 'error' : 'answered');

export const noOutcomes = (): Record<Outcome, number> => ({
  answered: 0,
  error: 0,
  unreachable: 0,
  timeout: 0,
  reset: 0,
  malformed: 0,
  broken: 0,
  cancelled: 0,
});
