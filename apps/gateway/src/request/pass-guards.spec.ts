import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { Refusal } from '@libs/errors';
import fc from 'fast-check';
import { Observable } from 'rxjs';

import { executionOf, passGuards } from './pass-guards.js';

const execution = executionOf(new IncomingMessage(new Socket()), undefined);

/** What a guard does, and whether that lets the request on. */
const deeds: readonly { readonly deed: string; readonly does: () => unknown; readonly code: string | undefined }[] = [
  { deed: 'says true', does: () => true, code: undefined },
  { deed: 'promises true', does: async () => true, code: undefined },
  { deed: 'says false', does: () => false, code: 'ACCESS_DENIED' },
  { deed: 'promises false', does: async () => false, code: 'ACCESS_DENIED' },
  { deed: 'says nothing', does: () => undefined, code: 'ACCESS_DENIED' },
  { deed: 'promises nothing', does: async () => undefined, code: 'ACCESS_DENIED' },
  { deed: 'says null', does: () => null, code: 'ACCESS_DENIED' },
  { deed: 'says 1', does: () => 1, code: 'ACCESS_DENIED' },
  { deed: 'promises 1', does: async () => 1, code: 'ACCESS_DENIED' },
  { deed: 'says "true"', does: () => 'true', code: 'ACCESS_DENIED' },
  { deed: 'promises "true"', does: async () => 'true', code: 'ACCESS_DENIED' },
  { deed: 'gives an object', does: () => Object.create(null) as object, code: 'ACCESS_DENIED' },
  { deed: 'wraps true', does: () => Object(true) as object, code: 'ACCESS_DENIED' },
  { deed: 'promises a function', does: async () => () => true, code: 'ACCESS_DENIED' },
  { deed: 'gives an Observable', does: () => new Observable((to) => to.next(true)), code: 'ACCESS_DENIED' },
  { deed: 'refuses', does: () => refused('RATE_LIMITED'), code: 'RATE_LIMITED' },
  { deed: 'refuses later', does: async () => refused('RATE_LIMITED'), code: 'RATE_LIMITED' },
  { deed: 'throws what is no refusal', does: () => broken(), code: 'E_BROKEN' },
  { deed: 'throws that later', does: async () => broken(), code: 'E_BROKEN' },
];

function refused(code: 'RATE_LIMITED'): never {
  throw new Refusal(code);
}

function broken(): never {
  throw Object.assign(new Error('a bug'), { code: 'E_BROKEN' });
}

/** Guards that do this, and the numbers of those that were asked. */
function guardsThat(does: readonly (() => unknown)[]) {
  const asked: number[] = [];
  const guards = does.map((each, index) => ({
    canActivate: () => {
      asked.push(index);
      return each() as boolean;
    },
  }));
  return { guards, asked };
}

const outcome = async (guards: Parameters<typeof passGuards>[0]): Promise<string | undefined> => {
  try {
    await passGuards(guards, execution);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const good = (): boolean => true;

describe('passGuards', () => {
  describe.each([0, 1, 2])('when guard %i of three', (place) => {
    it.each(deeds)('$deed, the outcome is $code', async ({ does, code }) => {
      const { guards, asked } = guardsThat([0, 1, 2].map((index) => (index === place ? does : good)));
      expect(await outcome(guards)).toBe(code);
      const all = [0, 1, 2];
      expect(asked).toEqual(code === undefined ? all : all.slice(0, place + 1));
    });
  });

  it('asks each in its order, only after the one before has let on, and stops at the first that does not', async () => {
    const some = fc.array(fc.constantFrom(...deeds), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(some, async (chosen) => {
        const { guards, asked } = guardsThat(chosen.map(({ does }) => does));
        const first = chosen.findIndex(({ code }) => code !== undefined);
        expect(await outcome(guards)).toBe(chosen[first]?.code);
        expect(asked).toEqual(chosen.map((_, index) => index).slice(0, first === -1 ? undefined : first + 1));
      }),
    );
  });
});
