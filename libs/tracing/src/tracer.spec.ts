import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';

import { newTraceId, parseTraceparent } from './trace-context.js';
import { Tracer } from './tracer.js';

const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

function aTracer(ratio: number) {
  const exporter = new InMemorySpanExporter();
  const tracer = new Tracer({ service: 'gateway', version: '1.2.3', ratio }, new SimpleSpanProcessor({ exporter }));
  return { tracer, ended: () => exporter.getFinishedSpans() };
}

describe('Tracer', () => {
  it('records the share of new traces that it is told, by their id', () => {
    const { tracer } = aTracer(0.25);
    const ids = Array.from({ length: 4_000 }, newTraceId);
    const recorded = ids.filter((id) => tracer.receive(undefined, id, 'request') !== undefined);
    expect(recorded.length).toBeGreaterThan(800);
    expect(recorded.length).toBeLessThan(1_200);
    expect(recorded.every((id) => aTracer(0.25).tracer.receive(undefined, id, 'request') !== undefined)).toBe(true);
  });

  it.each([
    { ratio: 0, isSampled: true, records: true },
    { ratio: 1, isSampled: false, records: false },
  ])('follows the caller who says $isSampled, whatever its own share', ({ ratio, isSampled, records }) => {
    const { tracer } = aTracer(ratio);
    expect(tracer.receive({ ...parent, isSampled }, parent.traceId, 'request') !== undefined).toBe(records);
  });

  it('records no more than its share of what callers want who may not ask for it, whatever ids they choose', () => {
    const { tracer } = aTracer(0.25);
    const never = (): boolean => false;
    // One id that the share takes, over and over.
    const traceId = Array.from({ length: 1_000 }, newTraceId).find((id) => tracer.receive(undefined, id, 'request'));
    const asked = { ...parent, traceId: traceId as string, isSampled: true };
    const recorded = Array.from({ length: 4_000 }, () => tracer.receive(asked, asked.traceId, 'request', never));
    const count = recorded.filter((span) => span !== undefined).length;
    expect(count).toBeGreaterThan(800);
    expect(count).toBeLessThan(1_200);
    expect(aTracer(1).tracer.receive(asked, asked.traceId, 'request', never)).toBeDefined();
    expect(aTracer(0).tracer.receive(asked, asked.traceId, 'request', () => true)).toBeDefined();
  });

  it('asks for no leave where the caller does not want to be recorded', () => {
    const asked: string[] = [];
    const mayAsk = (): boolean => asked.push('asked') > 0;
    expect(aTracer(1).tracer.receive({ ...parent, isSampled: false }, parent.traceId, 'a', mayAsk)).toBeUndefined();
    expect(aTracer(1).tracer.receive(undefined, parent.traceId, 'a', mayAsk)).toBeDefined();
    expect(asked).toEqual([]);
  });

  it('goes on with the trace of the caller, below its span', () => {
    const { tracer, ended } = aTracer(0);
    const span = tracer.receive({ ...parent, isSampled: true }, parent.traceId, 'request');
    const call = span?.begin('call', 'client', { 'server.address': 'peer' });
    call?.fail('UNAVAILABLE');
    call?.end();
    span?.describe('GET /projects', { 'gatehouse.route': 'projects' });
    span?.end();

    const [inner, outer] = ended();
    expect(outer).toMatchObject({
      name: 'GET /projects',
      attributes: { 'gatehouse.route': 'projects' },
      parentSpanContext: { spanId: parent.spanId },
      resource: { attributes: { 'service.name': 'gateway', 'service.version': '1.2.3' } },
    });
    expect(inner).toMatchObject({ name: 'call', status: { code: 2 }, attributes: { 'error.type': 'UNAVAILABLE' } });
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(new Set(ended().map((each) => each.spanContext().traceId))).toEqual(new Set([parent.traceId]));
    expect(parseTraceparent(call?.traceparent)).toMatchObject({ traceId: parent.traceId, isSampled: true });
  });

  it('begins a trace under the id that the caller is told', () => {
    const { tracer, ended } = aTracer(1);
    const traceId = newTraceId();
    tracer.receive(undefined, traceId, 'request')?.end();
    expect(ended()[0]?.spanContext().traceId).toBe(traceId);
    expect(ended()[0]?.parentSpanContext).toBeUndefined();
  });
});
