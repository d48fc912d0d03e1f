import { Injectable } from '@nestjs/common';

import type { Passage, Stage, Verdict } from '../../request/stage.js';
import { answerDirectly } from './direct-answer.js';
import { OwnControllers } from './own-controllers.js';

/** Answers what needs no service: redirects, fixed answers, preflights, and the gateway's own addresses. */
@Injectable()
export class Answer implements Stage {
  constructor(private readonly controllers: OwnControllers) {}

  pass(passage: Passage): Verdict {
    const { context, response } = passage;
    const { target } = context.route;
    if (target.kind === 'service') return 'next';
    if (target.kind === 'own') this.controllers.answer(passage);
    else answerDirectly(context, target, response);
    return 'answered';
  }
}
