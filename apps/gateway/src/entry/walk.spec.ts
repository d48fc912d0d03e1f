import { Logger } from '@nestjs/common';
import fc from 'fast-check';

import { Refusal } from '@libs/errors';

import type { Passage } from '../request/stage.js';
import { aRequest } from '../stages/authenticate/a-request.fixture.js';
import { type StageInstance, Walk } from './walk.js';

// Some of what is tested is a fault, and would be told.
beforeAll(() => Logger.overrideLogger(false));

const aGuard = (says: () => unknown = () => true): StageInstance => ({ canActivate: says as () => boolean });

class LastStage {
  count = 0;

  pass({ response }: Passage): 'answered' {
    this.count++;
    response.writeHead(200);
    response.end();
    return 'answered';
  }
}

/** What becomes of a request that passes these, and then a stage that answers 200. */
async function take(stages: readonly StageInstance[]) {
  const { context, response } = aRequest();
  const last = new LastStage();
  await new Walk([...stages, last]).take({ context, request: response.req, response });
  return { status: response.statusCode, flag: context.flag, answered: last.count };
}

const broken = { status: 500, flag: 'internal', answered: 0 };
const denied = { status: 403, flag: 'access_denied', answered: 0 };

const refusals = [
  { what: 'a guard that says false', stage: aGuard(() => false), expected: denied },
  { what: 'a guard that promises nothing', stage: aGuard(async () => undefined), expected: denied },
  { what: 'a guard that says yes in other words', stage: aGuard(() => 'true'), expected: denied },
  { what: 'a guard that says next', stage: aGuard(() => 'next'), expected: denied },
  { what: 'a guard that breaks', stage: aGuard(() => Promise.reject(new Error('a bug'))), expected: broken },
  { what: 'a stage that says nothing', stage: { pass: () => undefined as never }, expected: broken },
  { what: 'a stage that says true', stage: { pass: () => true as never }, expected: broken },
  { what: 'a stage that promises nothing', stage: { pass: async () => undefined as never }, expected: broken },
  { what: 'a stage that breaks', stage: { pass: () => fail(new Error('a bug')) }, expected: broken },
  {
    what: 'a stage that refuses',
    stage: { pass: () => fail(new Refusal('REQUEST_PATH_INVALID')) },
    expected: { status: 400, flag: 'path_invalid', answered: 0 },
  },
];

function fail(error: Error): never {
  throw error;
}

describe('Walk', () => {
  it('takes a request to the stage that answers', async () => {
    expect(await take([{ pass: () => 'next' }, aGuard(), { pass: async () => 'next' as const }])).toEqual({
      status: 200,
      flag: '',
      answered: 1,
    });
  });

  it.each(refusals.flatMap((each) => [0, 1, 2].map((place) => ({ ...each, place }))))(
    'goes no further than $what, in place $place',
    async ({ stage, expected, place }) => {
      const others: StageInstance[] = [aGuard(), { pass: () => 'next' }];
      expect(await take(others.toSpliced(place, 0, stage))).toEqual(expected);
    },
  );

  it('ends where a stage has answered, and asks no other', async () => {
    const asked: string[] = [];
    const stages: StageInstance[] = [
      { pass: () => 'next' },
      { pass: ({ response }) => (response.end(), 'answered') },
      { pass: () => (asked.push('a later one'), 'next') },
    ];
    expect(await take(stages)).toMatchObject({ status: 200, answered: 0 });
    expect(asked).toEqual([]);
  });

  it('asks all stages once, in their order, guards or not, waiting or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.boolean())), async (kinds) => {
        const asked: number[] = [];
        const stages = kinds.map(([isGuard, waits], index): StageInstance => {
          const ask = <T>(says: T): T | Promise<T> => {
            asked.push(index);
            return waits ? new Promise((resolve) => setImmediate(() => resolve(says))) : says;
          };
          return isGuard ? { canActivate: () => ask(true) } : { pass: () => ask('next' as const) };
        });
        expect((await take(stages)).answered).toBe(1);
        expect(asked).toEqual(kinds.map((_, index) => index));
      }),
    );
  });

  it('runs at once up to the first stage that waits', () => {
    const { context, response } = aRequest();
    const asked: string[] = [];
    const stages: StageInstance[] = [
      { pass: () => (asked.push('first'), 'next') },
      { pass: () => (asked.push('second'), 'next') },
      aGuard(async () => (asked.push('guard'), true)),
      { pass: () => (asked.push('last'), 'answered') },
    ];
    void new Walk(stages).take({ context, request: response.req, response });
    expect(asked).toEqual(['first', 'second', 'guard']);
  });

  it('has refused requests pay what they owe', async () => {
    const { context, response } = aRequest();
    let paid = 0;
    context.deferredAddressLimit = { spend: async () => void paid++ };
    await new Walk([aGuard(() => false)]).take({ context, request: response.req, response });
    expect({ paid, status: response.statusCode }).toEqual({ paid: 1, status: 403 });
  });

  it('lets nobody in where no stage answers', async () => {
    const { context, response } = aRequest();
    await new Walk([aGuard(), { pass: () => 'next' }]).take({ context, request: response.req, response });
    expect(response.statusCode).toBe(500);
  });

  it('does not start without stages', () => {
    expect(() => new Walk([])).toThrow('without stages');
  });
});
