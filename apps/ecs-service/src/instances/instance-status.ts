import { Refusal } from '@libs/errors';

/** What the driver is still working on. */
export const movingStatuses = ['provisioning', 'starting', 'stopping', 'deleting'] as const;
export type MovingStatus = (typeof movingStatuses)[number];

export const instanceStatuses = [...movingStatuses, 'running', 'stopped', 'failed'] as const;
export type InstanceStatus = (typeof instanceStatuses)[number];

export type InstanceCommand = 'start' | 'stop' | 'delete';

const commands: Record<InstanceCommand, { readonly from: readonly InstanceStatus[]; readonly to: MovingStatus }> = {
  start: { from: ['stopped'], to: 'starting' },
  stop: { from: ['running'], to: 'stopping' },
  // Whoever no longer wants an instance must not have to wait until it stands.
  delete: { from: ['provisioning', 'starting', 'stopping', 'running', 'stopped', 'failed'], to: 'deleting' },
};

/** Where each move ends when the driver is done; a deleted instance is gone. */
export const destinations = {
  provisioning: 'running',
  starting: 'running',
  stopping: 'stopped',
  deleting: 'gone',
} as const satisfies Record<MovingStatus, InstanceStatus | 'gone'>;

/** The status that a command leads to, or a conflict where it makes no sense. */
export function statusAfter(command: InstanceCommand, status: InstanceStatus): MovingStatus {
  const { from, to } = commands[command];
  if (!from.includes(status)) {
    throw new Refusal('RESOURCE_CONFLICT', {
      detail: `The instance is ${status}; ${command} needs it ${oneOf(from)}.`,
    });
  }
  return to;
}

const oneOf = (statuses: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(statuses);
