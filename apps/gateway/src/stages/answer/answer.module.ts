import { Module } from '@nestjs/common';

import { OwnControllers } from './own-controllers.js';
import { AnswerProbe } from './answer-probe.js';
import { Answer } from './answer.js';

@Module({ providers: [OwnControllers, AnswerProbe, Answer], exports: [OwnControllers, AnswerProbe, Answer] })
export class AnswerModule {}
