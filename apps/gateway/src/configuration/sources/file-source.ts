import { resolve } from 'node:path';

import type { ConfigurationDocument } from '../document/configuration-document.js';
import { readDocument } from '../document/read-configuration.js';
import { ConfigurationSource } from './configuration-source.js';
import { watchFile } from './watch-file.js';

/** A YAML file. */
export class FileSource extends ConfigurationSource {
  readonly kind = 'file';
  readonly mayBeAway = false;
  readonly identity: string;

  constructor(private readonly file: string) {
    super();
    this.identity = resolve(file);
  }

  async load(): Promise<ConfigurationDocument> {
    return readDocument(this.file);
  }

  watch(changed: () => void): () => void {
    return watchFile(this.file, changed);
  }
}
