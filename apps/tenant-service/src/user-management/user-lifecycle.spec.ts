import { userStatusAfter } from './user-lifecycle.js';
import { userStatuses } from '../users/user.schema.js';

const outcome = (command: 'activate' | 'lock' | 'suspend', status: (typeof userStatuses)[number]): string => {
  try {
    return userStatusAfter(command, status);
  } catch {
    return 'refused';
  }
};

describe('the life of a user', () => {
  it.each([
    { status: 'invited', activate: 'active', lock: 'refused', suspend: 'suspended' },
    { status: 'active', activate: 'refused', lock: 'locked', suspend: 'suspended' },
    { status: 'locked', activate: 'active', lock: 'refused', suspend: 'suspended' },
    { status: 'suspended', activate: 'active', lock: 'refused', suspend: 'refused' },
    { status: 'disabled', activate: 'active', lock: 'refused', suspend: 'suspended' },
  ] as const)('goes on from $status', ({ status, ...expected }) => {
    const seen = Object.keys(expected).map((command) => [command, outcome(command as 'lock', status)]);
    expect(Object.fromEntries(seen)).toEqual(expected);
  });
});
