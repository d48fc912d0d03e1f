import type { ConfigurationDocument } from '../src/configuration/document/configuration-document.js';
import { ConfigurationSource } from '../src/configuration/sources/configuration-source.js';

/** A source that says what the test makes it say. */
export class ScriptedSource extends ConfigurationSource {
  readonly kind = 'database';
  readonly identity = 'scripted';
  readonly mayBeAway = true;
  private changed: () => void = () => undefined;
  private number = 1;
  private loaded = Promise.withResolvers<void>();

  constructor(private says: string | Error) {
    super();
  }

  async load(): Promise<ConfigurationDocument> {
    this.loaded.resolve();
    if (this.says instanceof Error) throw this.says;
    const version = String(this.number);
    return { text: this.says, place: `version ${version}`, folder: '/', version, number: this.number };
  }

  watch(changed: () => void): () => void {
    this.changed = changed;
    return () => undefined;
  }

  /** Resolves when the gateway has heard of it, which is a moment before it is in force. */
  async say(says: string | Error): Promise<void> {
    this.says = says;
    this.number++;
    this.loaded = Promise.withResolvers();
    this.changed();
    await this.loaded.promise;
  }
}
