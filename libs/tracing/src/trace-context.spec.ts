import { newTraceparent, parseTraceparent } from './trace-context.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('parseTraceparent', () => {
  it.each([
    { header: `00-${traceId}-${spanId}-01`, isSampled: true },
    { header: `00-${traceId}-${spanId}-00`, isSampled: false },
    { header: `00-${traceId}-${spanId}-fe`, isSampled: false },
    { header: `cc-${traceId}-${spanId}-01-what-later-versions-add`, isSampled: true },
  ])('reads $header', ({ header, isSampled }) => {
    expect(parseTraceparent(header)).toEqual({ traceId, spanId, isSampled });
  });

  it.each([
    undefined,
    '',
    'hello',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01\n`,
    `cc-${traceId}-${spanId}-01x`,
  ])('ignores %j, as the standard says', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe('newTraceparent', () => {
  it('opens a trace of its own, not sampled', () => {
    const [first, second] = [newTraceparent(), newTraceparent()].map(parseTraceparent);
    expect(first?.isSampled).toBe(false);
    expect(first?.traceId).not.toBe(second?.traceId);
  });

  it('goes on with a trace in a new span', () => {
    const next = parseTraceparent(newTraceparent({ traceId, isSampled: true }));
    expect(next).toMatchObject({ traceId, isSampled: true });
    expect(next?.spanId).not.toBe(spanId);
  });

  it('does not repeat itself when its pool of randomness is filled anew', () => {
    const headers = Array.from({ length: 2_000 }, () => newTraceparent());
    expect(new Set(headers).size).toBe(headers.length);
  });
});
