import type { ServiceConfig } from '../configuration/schema/service.schema.js';
import type { Ejection } from './ejection.js';
import { noOutcomes, type Outcome } from './outcome.js';

/** What the configuration says about one process of a service. */
export interface InstanceModel {
  /** Scheme, host and port; also its name in logs. */
  readonly origin: string;
  readonly weight: number;
  readonly backup: boolean;
}

/** The pool that an instance is in, as far as the instance and its checks need it. */
export interface OwningPool {
  /** The name of the service. */
  readonly name: string;
  readonly config: ServiceConfig;
  /** Something about the instance has changed that decides whether it may be chosen. */
  changed(): void;
  report(instance: Instance, outcome: Outcome, elapsedMs: number, now: number): void;
  release(instance: Instance): void;
}

/**
 * One process of a service. It stays the same object for as long as its service lists its origin, whatever else
 * changes in the configuration.
 */
export class Instance {
  readonly state = new InstanceState();
  /** No snapshot in force names it any more; what it has begun it may finish. */
  isGone = false;

  constructor(
    readonly pool: OwningPool,
    /** As in the snapshot in force. */
    public model: InstanceModel,
  ) {}

  /** The name of the service. */
  get service(): string {
    return this.pool.name;
  }

  get weight(): number {
    return this.state.weightOverride ?? this.model.weight;
  }
}

/** What the last active check saw. */
export interface CheckReport {
  readonly hasPassed: boolean;
  /** Empty when it passed. */
  readonly reason: string;
  /** RFC 3339. */
  readonly time: string;
}

/** What moves. Times are milliseconds of the monotonic clock. */
export class InstanceState {
  /** Requests that it has not finished. */
  inFlight = 0;
  /** Requests among them of which nothing has been heard yet. */
  unanswered = 0;
  /** When it last gave an answer or failed to; or when it was first asked again after having answered everything. */
  heardAt = 0;

  /** Attempts since it is known, by how they ended, and how long it took to begin its answers. */
  readonly outcomes = noOutcomes();
  answerMs = 0;

  /** By the operator: it gets no new requests. */
  isDrained = false;
  /** By the operator, instead of the configured one. */
  weightOverride: number | undefined = undefined;

  /** The active checks say that it is not well. */
  isFailingChecks = false;
  lastCheck: CheckReport | undefined = undefined;

  consecutiveFailures = 0;
  /** Requests of the current window that it answered or failed, and those that it failed. */
  heard = 0;
  failed = 0;
  /** Why and until when it is left alone. */
  ejection: Ejection | undefined = undefined;
  /** How many times in a row it was ejected; doubles the time. */
  ejections = 0;
  /** When it last became fit. */
  fitSince = Number.NEGATIVE_INFINITY;
  /** From its ejection until it has done a request well: it gets one at a time. */
  isOnTrial = false;
  nextTrialAt = 0;

  /** Its place among the candidates of its pool, or -1. */
  slot = -1;
  /** Less than 1 while it starts slowly. */
  ramp = 1;
  /** Its share of the requests: the weight, times the ramp. */
  share = 0;
  /** What the policies `weighted` and `ewma` remember. */
  deadline = 0;
  latencyMs = 0;
  latencyAt = 0;
}
