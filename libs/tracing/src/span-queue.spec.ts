import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

import { SpanQueue } from './span-queue.js';

const span = (): ReadableSpan => ({}) as ReadableSpan;

/** Takes batches, and answers when it is told to. */
class Collector implements SpanExporter {
  readonly batches: number[] = [];
  private readonly answers: ((code: number) => void)[] = [];
  isThere = true;

  export(spans: ReadableSpan[], done: (result: { code: number }) => void): void {
    if (!this.isThere) throw new Error('connect ECONNREFUSED');
    this.batches.push(spans.length);
    this.answers.push((code) => done({ code }));
  }

  answer(code: number): Promise<void> {
    this.answers.shift()?.(code);
    return new Promise(setImmediate);
  }

  async shutdown(): Promise<void> {}
}

function aQueue() {
  const collector = new Collector();
  const queue = new SpanQueue({ exporter: collector, capacity: 20, batchSize: 5, delayMs: 10_000 });
  const end = (count: number): void => {
    for (let index = 0; index < count; index++) queue.onEnd(span());
  };
  return { collector, queue, end };
}

describe('SpanQueue', () => {
  it('sends a batch as soon as it is full, and the next one after the answer', async () => {
    const { collector, queue, end } = aQueue();
    end(12);
    expect(collector.batches).toEqual([5]);
    await collector.answer(0);
    expect(collector.batches).toEqual([5, 5]);
    await collector.answer(0);
    expect(queue.outcomes).toEqual({ exported: 10, dropped: 0, failed: 0 });
    expect(queue.length).toBe(2);
  });

  it('holds no more than its capacity while the collector hangs, and counts what it drops', () => {
    const { collector, queue, end } = aQueue();
    end(1_000);
    expect(collector.batches).toEqual([5]);
    expect(queue.length).toBe(20);
    expect(queue.outcomes).toEqual({ exported: 0, dropped: 975, failed: 0 });
  });

  it('counts what the collector refuses, and does not keep it', async () => {
    const { collector, queue, end } = aQueue();
    end(5);
    await collector.answer(1);
    expect(queue.outcomes).toEqual({ exported: 0, dropped: 0, failed: 5 });
    expect(queue.length).toBe(0);
  });

  it('lets nobody notice that the collector is gone', async () => {
    const { collector, queue, end } = aQueue();
    collector.isThere = false;
    expect(() => end(5)).not.toThrow();
    await queue.forceFlush();
    expect(queue.outcomes.failed).toBe(5);
  });

  it('sends everything when it is flushed', async () => {
    const { collector, queue, end } = aQueue();
    end(7);
    const flushed = queue.forceFlush();
    await collector.answer(0);
    await collector.answer(0);
    await flushed;
    expect(collector.batches).toEqual([5, 2]);
    expect(queue.length).toBe(0);
  });
});
