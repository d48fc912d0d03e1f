import { Injectable } from '@nestjs/common';

import type { ComparedClock } from '@libs/clock';

/** What time it is; tests hand in one that they can move. */
export abstract class Clock {
  abstract now(): Date;
}

@Injectable()
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}

/**
 * Refuses to tell a time that is known to be wrong: no token is issued that others refuse, nothing is over before its
 * time, and nothing is cleaned away that is still good.
 */
export class CheckedClock extends Clock {
  constructor(
    private readonly clock: Clock,
    private readonly compared: Pick<ComparedClock, 'refuseIfOff'>,
  ) {
    super();
  }

  override now(): Date {
    this.compared.refuseIfOff();
    return this.clock.now();
  }
}
