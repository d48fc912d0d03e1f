export interface Callers {
  /** Of the REST port. */
  readonly http: readonly string[];
  readonly grpc: readonly string[];
}

/**
 * Who may open a connection to whom, once: what is not listed is refused before a byte of a request is read.
 * A test compares it with the calls that the services make; `operator` is who calls with tools.
 */
export const callers = {
  'auth-service': { http: ['gateway'], grpc: ['gateway', 'tenant-service', 'operator'] },
  'tenant-service': {
    // Its internal APIs are REST as well, and never reached through the gateway.
    http: ['gateway', 'operator'],
    grpc: ['gateway', 'auth-service', 'project-service', 'ecs-service', 'operator'],
  },
  'project-service': { http: ['gateway'], grpc: ['ecs-service', 'operator'] },
  'ecs-service': { http: ['gateway'], grpc: ['project-service', 'operator'] },
} as const satisfies Readonly<Record<string, Callers>>;

/** Whoever asks for more than the probes on a management port. */
export const operators: readonly string[] = ['prometheus', 'operator'];

/** Everybody who has a certificate. */
export const identities: readonly string[] = ['gateway', ...Object.keys(callers), ...operators];
