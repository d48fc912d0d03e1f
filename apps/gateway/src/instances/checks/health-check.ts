/** One way of asking an instance how it is. */
export interface HealthCheck {
  /** Rejects when the instance is not well, with the reason, or when the signal ends the wait. */
  ask(signal: AbortSignal): Promise<void>;
  close(): void;
}
