import { Module } from '@nestjs/common';

import { graceOfLeaving } from '../http/leaving.js';
import { Admission } from './admission.js';
import { PenaltyBox } from './penalty-box.js';
import { Uploads } from './uploads.js';
import { WaitingBodies } from './waiting-bodies.js';

/** What this process can take, and how much of it is taken. */
@Module({
  providers: [
    Admission,
    { provide: PenaltyBox, useFactory: () => new PenaltyBox() },
    { provide: Uploads, useFactory: () => new Uploads(graceOfLeaving) },
    WaitingBodies,
  ],
  exports: [Admission, PenaltyBox, Uploads, WaitingBodies],
})
export class CapacityModule {}
