import { Metrics } from '@libs/observability';

import { ClientTraces } from './client-traces.js';

function clientTraces(perSecond: number) {
  let now = 0;
  const metrics = new Metrics('gateway');
  const traces = new ClientTraces(perSecond, metrics, () => now);
  const ask = (times: number): number => Array.from({ length: times }, traces.mayAsk).filter(Boolean).length;
  return { ask, pass: (ms: number) => (now += ms), text: async () => (await metrics.render()).text };
}

describe('ClientTraces', () => {
  it('follows so many a second, however many ask', () => {
    const { ask, pass } = clientTraces(5);
    expect(ask(100)).toBe(5);
    pass(1_000);
    expect(ask(100)).toBe(5);
    pass(400);
    expect(ask(100)).toBe(2);
  });

  it('saves nothing up', () => {
    const { ask, pass } = clientTraces(5);
    pass(60_000);
    expect(ask(100)).toBe(5);
  });

  it('follows nobody when it is told so, and counts them', async () => {
    const { ask, text } = clientTraces(0);
    expect(ask(3)).toBe(0);
    expect(await text()).toMatch(/^gateway_traces_unfollowed_total(\{.*\})? 3$/m);
  });
});
