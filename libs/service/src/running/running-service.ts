export interface RunningService {
  readonly name: string;
  /** URL of the REST API. */
  readonly http: string;
  /** `host:port` of the gRPC API; empty without one. */
  readonly grpc: string;
  /** URL of the management server. */
  readonly management: string;
  /** Is not ready from now on, but serves on. Resolves when balancers have had their time to notice. */
  retire(): Promise<void>;
  /** Finishes the running requests and lets go of everything, within 5 s. May be called again. */
  stop(): Promise<void>;
}
