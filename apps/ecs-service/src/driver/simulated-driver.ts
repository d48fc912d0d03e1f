import type { MovingStatus } from '../instances/instance-status.js';
import type { Clock } from '../time/clock.js';
import { InstanceDriver, type Move, type MoveProgress } from './instance-driver.js';

export type MoveDurations = Readonly<Record<MovingStatus, number>>;

/**
 * A simulation: no machine is ever started. A move is done when its time, in ms, has passed since it was asked for,
 * so this driver has no state that a crash could lose. Put a driver of your own cloud in its place.
 */
export class SimulatedDriver extends InstanceDriver {
  constructor(
    private readonly durations: MoveDurations,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async advance(move: Move): Promise<MoveProgress> {
    const remainingMs = move.since.getTime() + this.durations[move.status] - this.clock.now().getTime();
    return remainingMs <= 0 ? { done: true } : { done: false, askAgainMs: remainingMs };
  }
}
