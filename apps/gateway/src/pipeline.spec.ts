import { pipeline } from './pipeline.js';

describe('the pipeline', () => {
  it('has twelve stages in this order', () => {
    expect(pipeline.map(({ stage, by }) => `${stage}: ${by.name}`)).toEqual([
      'observe: AccessLog',
      'edge: Edge',
      'route: Router',
      'answer probes: AnswerProbe',
      'admit: Admit',
      'limit by address: AddressGuard',
      'authenticate: AuthenticateGuard',
      'authorize: AuthorizeGuard',
      'limit: RateLimitGuard',
      'answer: Answer',
      'balance: Balance',
      'forward: Forwarder',
    ]);
  });
});
