import { jest } from '@jest/globals';

import type { CanActivate } from '@nestjs/common';

import { pipeline } from '../src/pipeline.js';
import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

/** The stages of the pipeline that are guards, in its order. */
const pipelineGuards = pipeline
  .map(({ by }) => by as { readonly name: string; readonly prototype: object })
  .filter((by): by is { readonly name: string; readonly prototype: CanActivate } => 'canActivate' in by.prototype);

let upstream: Upstream;
let gateway: GatewayUnderTest;
let reached = 0;

beforeAll(async () => {
  upstream = await anUpstream((_request, response) => {
    reached++;
    response.end();
  });
  const { services, routes = [] } = everythingTo(upstream.url);
  const redirect = { id: 'moved', path: '/moved', redirect: { to: '/new' }, access: { authenticated: false } };
  gateway = await aGateway({ services, routes: [...routes, redirect] });
});

beforeEach(() => (reached = 0));
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

/** A service's, one that is answered at once, and the gateway's own. */
const paths = ['/anything', '/moved', '/public/status', '/public/services', '/openapi.json'];

describe('the guards of a whole gateway', () => {
  it('are all asked once about every request, in the order of the pipeline', async () => {
    const asked: string[] = [];
    for (const { name, prototype } of pipelineGuards) {
      jest.spyOn(prototype, 'canActivate').mockImplementation(async () => {
        asked.push(name);
        return true;
      });
    }
    const order = pipelineGuards.map(({ name }) => name);
    for (const path of paths) {
      await fetch(gateway.http + path, { redirect: 'manual' });
      expect({ path, asked: asked.splice(0) }).toEqual({ path, asked: order });
    }
  });

  it.each(
    pipelineGuards.flatMap(({ name, prototype }) =>
      [
        { what: 'says false', says: async () => false as true },
        { what: 'says nothing', says: async () => undefined as never },
      ].map((each) => ({ name, prototype, ...each })),
    ),
  )('let nobody in when $name $what', async ({ prototype, says }) => {
    jest.spyOn(prototype, 'canActivate').mockImplementation(says);
    const answers = await Promise.all(paths.map((path) => fetch(gateway.http + path, { redirect: 'manual' })));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 403));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { code: string }[];
    expect(bodies.map(({ code }) => code)).toEqual(paths.map(() => 'ACCESS_DENIED'));
    expect(reached).toBe(0);
  });
});
