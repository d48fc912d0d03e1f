import type { ServerResponse } from 'node:http';

import { type CanActivate, Logger } from '@nestjs/common';

import { aRequest } from '../stages/authenticate/a-request.fixture.js';
import { pipelineGuards } from '../pipeline.js';
import { Proxy } from './proxy.js';

// Some of what is tested is a fault, and would be told.
beforeAll(() => Logger.overrideLogger(false));

/** A guard of the pipeline as to its type, that says what the test wants. */
const aGuard = ({ prototype }: { prototype: object }, says: () => unknown = () => true): CanActivate =>
  Object.assign(Object.create(prototype) as CanActivate, { canActivate: says });

/** All guards; the one at `place` says something of its own. */
const guardsWith = (place = -1, says?: () => unknown): CanActivate[] =>
  pipelineGuards.map((type, index) => aGuard(type, index === place ? says : undefined));

class Forwarded {
  count = 0;

  async forward(_context: unknown, _request: unknown, response: ServerResponse): Promise<void> {
    this.count++;
    response.writeHead(200);
    response.end();
  }
}

const nobodyWaits = { await: () => () => undefined };

/** What becomes of a request. */
async function serve(guards: CanActivate[], forwarder = new Forwarded()) {
  const { context, response } = aRequest();
  await new Proxy(guards, forwarder, nobodyWaits).serve(context, response.req, response);
  return { context, status: response.statusCode, flag: context.flag, forwarded: forwarder.count };
}

const no = (): unknown => false;
const nothing = async (): Promise<unknown> => undefined;
const inOtherWords = (): unknown => 'true';
const breaks = (): unknown => Promise.reject(new Error('a bug'));

const places = pipelineGuards.map(({ name }, place) => ({ name, place }));

describe('Proxy', () => {
  it('forwards what every guard lets on', async () => {
    expect(await serve(guardsWith())).toMatchObject({ status: 200, flag: '', forwarded: 1 });
  });

  it.each(
    places.flatMap((place) => [
      { ...place, what: 'says false', says: no, status: 403, flag: 'access_denied' },
      { ...place, what: 'promises nothing', says: nothing, status: 403, flag: 'access_denied' },
      { ...place, what: 'says yes in other words', says: inOtherWords, status: 403, flag: 'access_denied' },
      { ...place, what: 'breaks', says: breaks, status: 500, flag: 'internal' },
    ]),
  )('does not forward when $name $what', async ({ place, says, status, flag }) => {
    expect(await serve(guardsWith(place, says))).toMatchObject({ status, flag, forwarded: 0 });
  });

  it('answers what the forwarder refuses', async () => {
    const broken = new Forwarded();
    broken.forward = () => Promise.reject(new Error('a bug'));
    expect(await serve(guardsWith(), broken)).toMatchObject({ status: 500, flag: 'internal' });
  });

  it('has refused requests pay what they owe', async () => {
    const { context, response } = aRequest();
    let paid = 0;
    context.deferredAddressLimit = { spend: async () => void paid++ };
    await new Proxy(
      guardsWith(3, () => false),
      new Forwarded(),
      nobodyWaits,
    ).serve(context, response.req, response);
    expect({ paid, status: response.statusCode }).toEqual({ paid: 1, status: 403 });
  });

  it.each([
    { which: 'none', guards: [] },
    ...places.map(({ name, place }) => ({
      which: `all but ${name}`,
      guards: guardsWith().filter((_, index) => index !== place),
    })),
    ...places.map(({ name, place }) => ({
      which: `another in the place of ${name}`,
      guards: guardsWith().with(place, { canActivate: () => true }),
    })),
    { which: 'them in another order', guards: guardsWith().toReversed() },
    { which: 'one more', guards: [...guardsWith(), { canActivate: () => true }] },
  ])('does not start with $which', ({ guards }) => {
    expect(() => new Proxy(guards, new Forwarded(), nobodyWaits)).toThrow('not those of the pipeline');
  });
});
