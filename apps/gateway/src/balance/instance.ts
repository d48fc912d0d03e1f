/** One process of a service: what was configured of it, and what moves. */
export interface Instance {
  readonly model: InstanceModel;
  readonly state: InstanceState;
}

export interface InstanceModel {
  /** Scheme, host and port; also its name in logs. */
  readonly origin: string;
  readonly weight: number;
}

export interface InstanceState {
  /** Requests that it has not finished. */
  inFlight: number;
  /** Milliseconds of the monotonic clock; before that it gets no requests. */
  unreachableUntil: number;
  /** What the policy `weighted` has saved up for it. */
  smoothWeight: number;
}

export const newInstance = (model: InstanceModel): Instance => ({
  model,
  state: { inFlight: 0, unreachableUntil: 0, smoothWeight: 0 },
});
