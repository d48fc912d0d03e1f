import { pipeline, pipelineGuards } from './pipeline.js';

describe('the pipeline', () => {
  it('has nine stages in this order', () => {
    expect(pipeline.map(({ stage, by }) => `${stage}: ${by.name}`)).toEqual([
      'edge: Edge',
      'route: Router',
      'rate-limit, before identity: AddressGuard',
      'authenticate: AuthenticateGuard',
      'authorize: AuthorizeGuard',
      'rate-limit: RateLimitGuard',
      'balance: Balancer',
      'forward: Forwarder',
      'observe: AccessLog',
    ]);
  });

  it('gives Nest its guards in that order', () => {
    expect(pipelineGuards.map(({ name }) => name)).toEqual([
      'AddressGuard',
      'AuthenticateGuard',
      'AuthorizeGuard',
      'RateLimitGuard',
    ]);
  });
});
