/** What is known of an instance that was found rather than written down. */
export interface FoundInstance {
  readonly url: string;
  readonly weight: number;
  readonly backup: boolean;
}

export interface DiscoveryListener {
  /** All instances that there are now. */
  found(instances: readonly FoundInstance[]): void;
  /** Nobody could be asked: what was found before is still the best that is known. */
  failed(error: unknown): void;
}

/** Finds the instances of services somewhere outside of the configuration. */
export abstract class InstanceDiscovery<Config> {
  /** Looks now and again from then on, until the function is called that it returns. */
  abstract watch(config: Config, listener: DiscoveryListener): () => void;

  /** Lets go of what all watches share. */
  close(): Promise<void> | void {
    // Most share nothing.
  }
}
