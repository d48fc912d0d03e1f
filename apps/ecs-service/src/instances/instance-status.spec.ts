import { type InstanceCommand, instanceStatuses, statusAfter } from './instance-status.js';

const allowed: Record<InstanceCommand, Record<string, string>> = {
  start: { stopped: 'starting' },
  stop: { running: 'stopping' },
  delete: {
    provisioning: 'deleting',
    starting: 'deleting',
    stopping: 'deleting',
    running: 'deleting',
    stopped: 'deleting',
    failed: 'deleting',
  },
};

const cases = (Object.keys(allowed) as InstanceCommand[]).flatMap((command) =>
  instanceStatuses.map((status) => ({ command, status, next: allowed[command][status] })),
);

describe('statusAfter', () => {
  it.each(cases.filter(({ next }) => next !== undefined))('lets $command move $status to $next', (move) => {
    expect(statusAfter(move.command, move.status)).toBe(move.next);
  });

  it.each(cases.filter(({ next }) => next === undefined))('refuses to $command what is $status', (move) => {
    expect(() => statusAfter(move.command, move.status)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_CONFLICT' }),
    );
  });
});
