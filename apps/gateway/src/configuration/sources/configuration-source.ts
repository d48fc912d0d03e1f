import type { EventBus } from '@libs/events';

import type { SourceKind } from '../../settings/source-kind.js';
import type { ConfigurationDocument } from '../document/configuration-document.js';

/** Where the configuration comes from. Which part of it is right, is not its concern. */
export abstract class ConfigurationSource {
  abstract readonly kind: SourceKind;

  /** Tells this source from others of its kind, for instance the path of the file. Never a secret. */
  abstract readonly identity: string;

  /** A store may be down when the gateway starts, and the last good copy stands in for it. A file is there or not. */
  abstract readonly mayBeAway: boolean;

  /** What counts now. Rejects when that cannot be found out. */
  abstract load(): Promise<ConfigurationDocument>;

  /** Calls `changed` whenever `load` may give something else. Returns the function that ends it. */
  abstract watch(changed: () => void, events: EventBus): () => void;

  /** Lets go of its connections. */
  close(): Promise<void> | void {
    // Most have none.
  }
}
