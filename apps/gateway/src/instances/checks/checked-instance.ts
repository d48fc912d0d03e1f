import type { ClientTlsConfig } from '../../configuration/schema/client-tls.schema.js';
import type { CheckConfig } from '../../configuration/schema/health.schema.js';
import type { Instance } from '../instance.js';
import { nextCheckInMs } from './check-schedule.js';
import { CheckTally, type Verdict } from './check-tally.js';
import type { HealthCheck } from './health-check.js';
import { vouchFor } from './judge.js';
import { Patience } from './patience.js';

/** Asks one instance again and again, and keeps its state up to date with what it says. */
export class CheckedInstance {
  private readonly tally: CheckTally;
  private timer: NodeJS.Timeout | undefined;
  private isEnded = false;

  constructor(
    readonly instance: Instance,
    readonly settings: { readonly check: CheckConfig; readonly tls: ClientTlsConfig | undefined },
    private readonly check: HealthCheck,
    private readonly onVerdict: (instance: Instance, verdict: Verdict, reason: string) => void,
    private readonly random: () => number = Math.random,
  ) {
    this.tally = new CheckTally(settings.check);
  }

  begin(): void {
    // Not all instances at the same moment, but soon: until then they are taken for well.
    this.askIn(this.random() * Math.min(100, this.settings.check.interval));
  }

  end(): void {
    this.isEnded = true;
    clearTimeout(this.timer);
    this.check.close();
  }

  private askIn(delayMs: number): void {
    this.timer = setTimeout(() => void this.ask(), delayMs).unref();
  }

  private async ask(): Promise<void> {
    const startedAt = performance.now();
    const patience = new Patience(this.settings.check.timeout);
    const failure = await this.check.ask(patience.signal).then(
      () => undefined,
      (error: unknown) => (patience.signal.aborted ? 'did not answer in time' : reasonOf(error)),
    );
    patience.end();
    if (this.isEnded) return;
    this.note(failure);
    const delayMs = nextCheckInMs(this.settings.check, this.tally.isInDoubt, this.random);
    this.askIn(Math.max(0, startedAt + delayMs - performance.now()));
  }

  private note(failure: string | undefined): void {
    const { instance, tally } = this;
    instance.state.lastCheck = {
      hasPassed: failure === undefined,
      reason: failure ?? '',
      time: new Date().toISOString(),
    };
    const verdict = tally.note(failure === undefined);
    if (verdict !== undefined) this.onVerdict(instance, verdict, failure ?? '');
    if (tally.isSteady) vouchFor(instance, performance.now());
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));
