import { Injectable, Logger } from '@nestjs/common';

import { destinations, type MovingStatus } from '../instances/instance-status.js';
import type { Instance } from '../instances/instance.entity.js';
import { Clock } from '../time/clock.js';
import { InstanceDriver, type Move, MoveImpossible } from '../driver/instance-driver.js';
import { MovesRepository } from '../instances/moves.repository.js';

/** A driver starts a move and tells how it goes; it does not stand and wait. */
const driverMs = 3_000;
const maxFailures = 10;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Asks the driver about one move and writes down what came of it. */
@Injectable()
export class MoveDriver {
  private readonly log = new Logger(MoveDriver.name);

  constructor(
    private readonly driver: InstanceDriver,
    private readonly moves: MovesRepository,
    private readonly clock: Clock,
  ) {}

  async drive(instance: Instance): Promise<void> {
    const status = instance.status as MovingStatus;
    try {
      const progress = await withinMs(this.driver.advance(moveOf(instance, status)), driverMs);
      if (progress.done) await this.arrive(instance, status);
      else await this.moves.postpone(instance, this.inMs(progress.askAgainMs), 0);
    } catch (error) {
      await this.fail(instance, status, error);
    }
  }

  private arrive(instance: Instance, status: MovingStatus): Promise<void> {
    const now = this.clock.now();
    const destination = destinations[status];
    return this.moves.end(
      instance,
      destination === 'gone' ? { deletedAt: now } : { status: destination, statusSince: now },
    );
  }

  private async fail(instance: Instance, status: MovingStatus, error: unknown): Promise<void> {
    const failures = instance.driveFailures + 1;
    const isHopeless = error instanceof MoveImpossible || failures >= maxFailures;
    this.log.warn({ msg: `the driver failed while ${status}`, instanceId: instance.id, failures, err: error });

    // What nobody wants any more must not stay behind and cost money, so deleting never gives up.
    if (isHopeless && status !== 'deleting') {
      const statusReason = error instanceof MoveImpossible ? error.message.slice(0, 200) : `${status} failed too often`;
      return this.moves.end(instance, { status: 'failed', statusReason, statusSince: this.clock.now() });
    }
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    return this.moves.postpone(instance, this.inMs(pauseMs), failures);
  }

  private inMs(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}

const moveOf = (instance: Instance, status: MovingStatus): Move => ({
  instanceId: instance.id,
  tenantId: instance.tenantId,
  projectId: instance.projectId,
  flavor: instance.flavor,
  image: instance.image,
  status,
  since: instance.statusSince,
});

async function withinMs<T>(answer: Promise<T>, limitMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
