import { serviceIdentity } from './identity.js';
import { incomingContext, newContext } from './new-context.js';
import { completeContext, currentContext, currentContextOrNone, runInContext } from './request-context.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('the request context', () => {
  it('is there in all that the work awaits, and nowhere else', async () => {
    const context = newContext(serviceIdentity('auth-service'));
    const seen = await runInContext(context, async () => {
      await new Promise(setImmediate);
      return currentContext();
    });
    expect(seen).toBe(context);
    expect(currentContextOrNone()).toBeUndefined();
    expect(() => currentContext()).toThrow('no request context');
  });

  it('learns the caller later without changing a context outside', () => {
    const outer = newContext();
    runInContext(outer, () => {
      runInContext({ ...newContext(), deadline: 5 }, () => {
        completeContext({ ...newContext(serviceIdentity('x')), requestId: 'request-2' });
        expect(currentContext()).toMatchObject({ requestId: 'request-2', deadline: 5, identity: { userName: 'x' } });
      });
      expect(currentContext()).toBe(outer);
    });
  });

  it('takes over a well-formed traceparent', () => {
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    expect(incomingContext({ traceparent })).toMatchObject({ traceId, traceparent });
  });

  it.each([
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    'nonsense',
    ['a', 'b'],
    undefined,
  ])('starts a new trace for the traceparent %j', (traceparent) => {
    const context = incomingContext({ traceparent });
    expect(context.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(context.traceId).not.toBe(traceId);
    expect(context.traceparent).toContain(context.traceId);
  });
});
