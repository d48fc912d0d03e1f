import { Injectable } from '@nestjs/common';

import { isProbe } from '../../request/is-probe.js';
import type { Passage, Stage, Verdict } from '../../request/stage.js';
import { OwnControllers } from './own-controllers.js';

/** Answers who asks how this process is, before anything is counted: most of all when it is not well. */
@Injectable()
export class AnswerProbe implements Stage {
  constructor(private readonly controllers: OwnControllers) {}

  pass(passage: Passage): Verdict {
    if (!isProbe(passage.context.route)) return 'next';
    this.controllers.answer(passage);
    return 'answered';
  }
}
