/** What the port that serves the actuator knows about its callers. */
export interface ActuatorOptions {
  /** Endpoints beside those that every application has, by name: the path below `/actuator`. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** Whether a caller may see why something is down. */
  readonly maySeeDetails: (headers: Readonly<Record<string, string | string[] | undefined>>) => boolean;
}

export const actuatorOptions = Symbol('ActuatorOptions');
