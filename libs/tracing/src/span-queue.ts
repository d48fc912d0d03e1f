import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';

/** 0 is success in OpenTelemetry's `ExportResultCode`. */
const exported = 0;

export interface SpanQueueOptions {
  readonly exporter: SpanExporter;
  /** Spans that may wait. What does not fit is dropped: memory has a bound, whatever becomes of the collector. */
  readonly capacity?: number;
  readonly batchSize?: number;
  /** How long a span waits for others. */
  readonly delayMs?: number;
}

/** Hands ended spans to the exporter, a batch at a time. Nobody waits for it, and nothing that it does can fail a request. */
export class SpanQueue implements SpanProcessor {
  private readonly counts = { exported: 0, dropped: 0, failed: 0 };
  private readonly capacity: number;
  private readonly batchSize: number;
  private readonly delayMs: number;
  private readonly exporter: SpanExporter;
  private waiting: ReadableSpan[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;

  constructor({ exporter, capacity = 4_096, batchSize = 512, delayMs = 1_000 }: SpanQueueOptions) {
    this.exporter = exporter;
    this.capacity = capacity;
    this.batchSize = batchSize;
    this.delayMs = delayMs;
  }

  /** Spans by what became of them. */
  get outcomes(): Readonly<Record<'exported' | 'dropped' | 'failed', number>> {
    return this.counts;
  }

  get length(): number {
    return this.waiting.length;
  }

  onStart(): void {
    // A span is looked at when it has ended.
  }

  onEnd(span: ReadableSpan): void {
    if (this.waiting.length >= this.capacity) {
      this.counts.dropped++;
      return;
    }
    this.waiting.push(span);
    if (this.waiting.length >= this.batchSize) this.send();
    else this.timer ??= setTimeout(() => this.send(), this.delayMs).unref();
  }

  /** Sends all that waits, as long as the exporter takes it. */
  async forceFlush(): Promise<void> {
    while (this.waiting.length > 0 || this.sending !== undefined) {
      this.send();
      await this.sending;
    }
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.sending !== undefined || this.waiting.length === 0) return;
    const batch = this.waiting.splice(0, this.batchSize);
    this.sending = this.export(batch).then((succeeded) => {
      this.counts[succeeded ? 'exported' : 'failed'] += batch.length;
      this.sending = undefined;
      if (this.waiting.length >= this.batchSize) this.send();
      else if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.send(), this.delayMs).unref();
    });
  }

  private export(batch: ReadableSpan[]): Promise<boolean> {
    return new Promise((resolve) => {
      try {
        this.exporter.export(batch, ({ code }) => resolve(code === exported));
      } catch {
        resolve(false);
      }
    });
  }
}
