import { Refusal } from '@libs/errors';

import type { UserStatusName } from '../users/user.schema.js';

export type UserCommand = 'activate' | 'lock' | 'suspend';

/**
 * The life of a user: invited, then active; locked for their own safety, suspended by decision, and active again. Their
 * sessions end with a lock and a suspension. `disabled`, which the plain change of status sets, keeps them for a while.
 */
const commands: Record<UserCommand, { readonly from: readonly UserStatusName[]; readonly to: UserStatusName }> = {
  activate: { from: ['invited', 'locked', 'suspended', 'disabled'], to: 'active' },
  lock: { from: ['active'], to: 'locked' },
  suspend: { from: ['invited', 'active', 'locked', 'disabled'], to: 'suspended' },
};

/** The status that a command leads to, or a conflict where it makes no sense. */
export function userStatusAfter(command: UserCommand, status: UserStatusName): UserStatusName {
  const { from, to } = commands[command];
  if (from.includes(status)) return to;
  const needed = new Intl.ListFormat('en', { type: 'disjunction' }).format(from);
  throw new Refusal('RESOURCE_CONFLICT', { detail: `The user is ${status}; ${command} needs them ${needed}.` });
}
