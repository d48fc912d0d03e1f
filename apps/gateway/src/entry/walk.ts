import type { CanActivate, ExecutionContext } from '@nestjs/common';

import { deniedBy, executionOf } from '../request/pass-guards.js';
import { refuse } from '../request/refuse.js';
import type { Passage, Stage, Verdict } from '../request/stage.js';

/** A stage of the pipeline, as Nest has made it. */
export type StageInstance = Stage | CanActivate;

interface Step {
  readonly guard: CanActivate | undefined;
  readonly stage: Stage | undefined;
}

const isGuard = (stage: StageInstance): stage is CanActivate => 'canActivate' in stage;

/**
 * Takes a request through the stages of the pipeline, one after the other, until one of them answers. Nest's router is
 * not asked: it has nothing to add to a request that Nest does not route, and would cost a sixth more
 * (docs/decisions/0009-hot-path.md).
 */
export class Walk {
  private readonly steps: readonly Step[];

  constructor(stages: readonly StageInstance[]) {
    if (stages.length === 0) throw new Error('A pipeline without stages answers nobody');
    this.steps = stages.map((stage) =>
      isGuard(stage) ? { guard: stage, stage: undefined } : { guard: undefined, stage },
    );
  }

  /** Never rejects: what a stage throws is the answer. Runs at once, up to the first stage that waits. */
  async take(passage: Passage): Promise<void> {
    const { context, request, response } = passage;
    let execution: ExecutionContext | undefined;
    try {
      for (let index = 0; index < this.steps.length; index++) {
        const { guard, stage } = this.steps[index] as Step;
        if (guard !== undefined) {
          // Of what is merely truthy nobody knows what it means.
          const says: unknown = await guard.canActivate((execution ??= executionOf(request, response)));
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
