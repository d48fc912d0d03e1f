import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Database } from '@libs/persistence';

import type { MovingStatus } from '../instances/instance-status.js';
import type { BegunMove } from '../instances/instances.repository.js';
import { Alarm } from './alarm.js';
import { Clock } from '../time/clock.js';
import { MoveDriver } from './move-driver.js';
import { type Claim, MovesRepository } from '../instances/moves.repository.js';

/** Longer than the driver is waited for, so that no move is driven twice without need. */
const claimMs = 10_000;
const claimedAtOnce = 50;
/** How often it looks for moves that another process left behind. */
const idleMs = 1_000;

/** Carries on with every move that is under way, whoever began it, as long as the process lives. */
@Injectable()
export class MoveRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MoveRunner.name);
  private readonly alarm = new Alarm(() => void this.runAndSetAlarm());
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly moves: MovesRepository,
    private readonly driver: MoveDriver,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.alarm.ringIn(0);
  }

  /** The round that is running ends first: what the driver did must be written down. */
  async beforeApplicationShutdown(): Promise<void> {
    this.alarm.stop();
    await this.round;
  }

  /** In the transaction that writes it down; it is driven after the commit. */
  begin(status: MovingStatus): BegunMove {
    this.database.afterCommit(() => this.alarm.ringIn(0));
    const now = this.clock.now();
    return { status, statusReason: '', statusSince: now, driveAt: now, driveFailures: 0 };
  }

  /** Drives the move of one instance, if there is one and nobody else does. */
  async runNow(id: string): Promise<void> {
    const instance = await this.moves.claimOne(id, this.claim());
    if (instance !== undefined) await this.driver.drive(instance);
  }

  /** Drives every move that is due. Rounds never overlap. */
  runDue(): Promise<void> {
    const round = this.round.then(() => this.driveDue());
    this.round = round.catch(() => undefined);
    return round;
  }

  private async driveDue(): Promise<void> {
    const due = await this.moves.claimDue(this.claim(), claimedAtOnce);
    await Promise.all(due.map((instance) => this.driver.drive(instance)));
  }

  private async runAndSetAlarm(): Promise<void> {
    try {
      await this.runDue();
      const next = await this.moves.nextDueAt();
      this.alarm.ringIn(next === null ? idleMs : Math.min(idleMs, next.getTime() - this.clock.now().getTime()));
    } catch (error) {
      this.log.error({ msg: 'the moves of instances cannot go on for now', err: error });
      this.alarm.ringIn(idleMs);
    }
  }

  private claim(): Claim {
    const now = this.clock.now();
    return { now, until: new Date(now.getTime() + claimMs) };
  }
}
