import { InstanceDriver, type Move, type MoveProgress } from '../src/driver/instance-driver.js';

/** A driver in the hand of the test: a move is done once the test lets it be. */
export class HandDriver extends InstanceDriver {
  /** Every move that it was ever asked about, as `id status`. */
  readonly asked = new Set<string>();
  private readonly finished = new Set<string>();

  /** Of one instance, or of all. */
  finish(status: Move['status'], instanceId = '*'): void {
    this.finished.add(`${instanceId} ${status}`);
  }

  override async advance({ instanceId, status }: Move): Promise<MoveProgress> {
    this.asked.add(`${instanceId} ${status}`);
    const isDone = this.finished.has(`${instanceId} ${status}`) || this.finished.has(`* ${status}`);
    return isDone ? { done: true } : { done: false, askAgainMs: 5 };
  }
}
