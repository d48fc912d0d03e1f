import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Gauge, type Registry } from 'prom-client';

import { type ComparedClock, compareFromNowOn, inWords } from '@libs/clock';
import { Metrics, NotReady, type ReadinessDetails, ReadinessChecks } from '@libs/observability';

/**
 * Measures the clock of this process against its references, now and from now on. Past the leeway the process is not
 * ready and says by how much. Without references nothing is asked, and there is nothing to say.
 */
export async function compareClocks(app: NestFastifyApplication, clock: ComparedClock): Promise<void> {
  app.get(Metrics).own('clock_difference_seconds', (registers) => differenceGauge(clock, registers));
  if (!clock.hasReferences) return;
  const readiness = app.get(ReadinessChecks);
  readiness.add('clock', async () => report(clock));
  const comparing = await compareFromNowOn(clock);
  readiness.onDrain(() => comparing.stop());
}

function report(clock: ComparedClock): ReadinessDetails {
  const believed = clock.believed();
  if (believed === undefined) return { against: 'nobody' };
  const { against, differenceMs, isTooMuch } = believed;
  const contradictions = clock
    .comparisons()
    .filter((other) => Math.abs(other.differenceMs - differenceMs) > clock.leewayMs)
    .map(inWords);
  const details = {
    against,
    seconds: Number((Math.abs(differenceMs) / 1_000).toFixed(3)),
    direction: differenceMs < 0 ? 'behind' : 'ahead',
    ...(contradictions.length === 0 ? {} : { contradicted: contradictions.join(', ') }),
  };
  if (!isTooMuch) return details;
  // It may have been measured before the machine slept, or before theirs was put right.
  void clock.measure();
  throw new NotReady(`this clock is ${inWords(believed)}`, details);
}

const differenceGauge = (clock: ComparedClock, registers: Registry[]): Gauge<'against'> =>
  new Gauge({
    name: 'clock_difference_seconds',
    help: 'How far the clock of this process is ahead of that one; negative: behind',
    labelNames: ['against'],
    registers,
    collect() {
      this.reset();
      for (const { against, differenceMs } of clock.comparisons()) this.set({ against }, differenceMs / 1_000);
    },
  });
