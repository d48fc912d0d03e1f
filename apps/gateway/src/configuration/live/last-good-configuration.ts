import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Logger } from '@nestjs/common';
import { z } from 'zod';

import type { FoundInstances } from '../../discovery/discoveries.js';
import type { ConfigurationDocument } from '../document/configuration-document.js';
import type { ConfigurationSource } from '../sources/configuration-source.js';

const storedCopy = z.object({
  document: z.object({
    text: z.string(),
    place: z.string(),
    folder: z.string(),
    version: z.string(),
    number: z.number().exactOptional(),
    publication: z.number().exactOptional(),
  }),
  found: z.record(z.string(), z.array(z.object({ url: z.string(), weight: z.number(), backup: z.boolean() }))),
});

export interface GoodConfiguration {
  readonly document: ConfigurationDocument;
  readonly found: FoundInstances;
}

/** The last good configuration on disk, with the instances that were found: what a start needs when all else is down. */
export class LastGoodConfiguration {
  private readonly logger = new Logger('Configuration');
  private readonly file: string;
  private next: GoodConfiguration | undefined;
  private writing: Promise<void> | undefined;

  constructor(dataDir: string, { kind, identity }: Pick<ConfigurationSource, 'kind' | 'identity'>) {
    const name = createHash('sha256').update(identity).digest('hex').slice(0, 8);
    this.file = join(dataDir, 'gateway', `last-good-${kind}-${name}.json`);
  }

  /** Undefined when there is none, or none that can be read. */
  read(): GoodConfiguration | undefined {
    try {
      return storedCopy.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.logger.warn({ msg: 'the last good configuration cannot be read', file: this.file, err: error });
      }
      return undefined;
    }
  }

  /** Returns at once. Of several that come while the disk is busy, the last one is written. */
  write(kept: GoodConfiguration): void {
    this.next = kept;
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
  }

  /** Resolves when what was given is on the disk. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.next !== undefined) {
      const kept = this.next;
      this.next = undefined;
      try {
        await writeWhole(this.file, JSON.stringify(kept));
      } catch (error) {
        this.logger.warn({ msg: 'the last good configuration cannot be kept on disk', file: this.file, err: error });
      }
    }
  }
}

/** The old copy or the new one, never half of it; for the owner only, because a configuration may hold secrets. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
