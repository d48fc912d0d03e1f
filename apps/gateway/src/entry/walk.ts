import type { CanActivate } from '@nestjs/common';

import { deniedBy } from '../request/pass-guards.js';
import { refuse } from '../request/refuse.js';
import type { Passage, Stage, Verdict } from '../request/stage.js';

/** A stage of the pipeline, as Nest has made it. */
export type StageInstance = Stage | CanActivate;

const isGuard = (stage: StageInstance): stage is CanActivate => 'canActivate' in stage;

/**
 * Takes a request through the stages of the pipeline, one after the other, until one of them answers. Nest's router is
 * not asked: it has nothing to add to a request that Nest does not route, and would cost a sixth more
 * (docs/decisions/0009-hot-path.md).
 */
export class Walk {
  private readonly steps: readonly { readonly guard?: CanActivate; readonly stage?: Stage }[];

  constructor(stages: readonly StageInstance[]) {
    if (stages.length === 0) throw new Error('A pipeline without stages answers nobody');
    this.steps = stages.map((stage) => (isGuard(stage) ? { guard: stage } : { stage }));
  }

  /** Never rejects: what a stage throws is the answer. Runs at once, up to the first stage that waits. */
  async take(passage: Passage): Promise<void> {
    const { context, response } = passage;
    try {
      for (const { guard, stage } of this.steps) {
        if (guard !== undefined) {
          // Of what is merely truthy nobody knows what it means.
          const says: unknown = await guard.canActivate(passage.execution);
          if (says !== true) throw deniedBy(guard);
        } else if (stage !== undefined) {
          const verdict = stage.pass(passage);
          const says: Verdict = typeof verdict === 'string' ? verdict : await verdict;
          if (says === 'answered') return;
          if (says !== 'next') throw new Error(`${stage.constructor.name} says neither next nor answered`);
        }
      }
      throw new Error('No stage has answered');
    } catch (error) {
      await refuse(context, response, error);
    }
  }
}
