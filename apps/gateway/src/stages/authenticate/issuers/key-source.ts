import type { KeyObject } from 'node:crypto';

export interface PublicKey {
  readonly key: KeyObject;
  /** The one algorithm that its owner uses it with; absent if they do not say. */
  readonly algorithm?: string | undefined;
}

/** The public keys of one issuer. */
export abstract class KeySource {
  /** The key of this id; without an id, the only key there is. Refuses when there is none, 503 when nobody can tell. */
  abstract find(kid: string | undefined): Promise<PublicKey>;

  /** The listener hears that a key has gone: what it signed is not to be trusted any longer. Returns how to end it. */
  abstract onWithdrawal(listener: () => void): () => void;

  /** Ends what runs in the background. */
  abstract close(): void;
}
