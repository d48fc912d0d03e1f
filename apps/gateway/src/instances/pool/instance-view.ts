import type { EjectionReason } from '../ejection.js';
import type { CheckReport, Instance } from '../instance.js';
import { type InstanceStatus, statusOf } from '../instance-status.js';

/** What an operator may know about an instance. */
export interface InstanceView {
  readonly service: string;
  readonly url: string;
  readonly status: InstanceStatus;
  readonly backup: boolean;
  /** In force, and as configured. */
  readonly weight: number;
  readonly configuredWeight: number;
  readonly inFlight: number;
  /** Failures in a row. */
  readonly consecutiveFailures: number;
  readonly ejection: { readonly because: EjectionReason; readonly remainingMs: number } | null;
  readonly lastCheck: CheckReport | null;
}

export function viewOf(instance: Instance, now = performance.now()): InstanceView {
  const { state, model } = instance;
  const { ejection } = state;
  return {
    service: instance.service,
    url: model.origin,
    status: statusOf(instance, now),
    backup: model.backup,
    weight: instance.weight,
    configuredWeight: model.weight,
    inFlight: state.inFlight,
    consecutiveFailures: state.consecutiveFailures,
    ejection:
      ejection === undefined || ejection.until <= now
        ? null
        : { because: ejection.because, remainingMs: Math.ceil(ejection.until - now) },
    lastCheck: state.lastCheck ?? null,
  };
}
