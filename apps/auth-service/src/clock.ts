import { Injectable } from '@nestjs/common';

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
