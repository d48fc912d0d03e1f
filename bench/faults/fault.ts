import type { ApartStack } from '../subjects/stack.js';
import type { Workshop } from '../subjects/workshop.js';

/** Where faults are caused. */
export interface Ground {
  readonly stack: ApartStack;
  readonly workshop: Workshop;
  /** A folder for each identity, with its certificate. */
  readonly certificates: string;
  /** A file system of a few hundred MiB, with the data of MariaDB on it. */
  readonly disk: string;
}

export interface Fault {
  readonly name: string;
  /** Causes it, and answers what ends it, and what else is to be said. */
  begin(ground: Ground): Promise<() => Promise<string | undefined>>;
}
