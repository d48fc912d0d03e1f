import { createHash } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { Refusal } from '@libs/errors';
import { newId, StreamedBody } from '@libs/persistence';

/** A table as it comes in. Its digest needs all of it: meanwhile it lies in a file that has no name and goes by itself. */
export class TableBody extends StreamedBody {
  private kept: FileHandle | undefined;

  constructor(
    private readonly arriving: Readable,
    private readonly mostKeptBytes = 128 * 1024 * 1024,
  ) {
    super();
  }

  read(): Readable {
    return this.kept?.createReadStream({ start: 0, autoClose: false }) ?? this.arriving;
  }

  override async digest(): Promise<string> {
    const file = join(tmpdir(), `gatehouse-${newId()}.csv`);
    this.kept = await open(file, 'wx+', 0o600);
    await unlink(file);
    const hash = createHash('sha256');
    let left = this.mostKeptBytes;
    for await (const chunk of this.arriving as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left < 0) throw new Refusal('REQUEST_BODY_TOO_LARGE', { detail: 'Send less, or without a key.' });
      hash.update(chunk);
      // Of an open file, this writes on from where it is.
      await this.kept.writeFile(chunk);
    }
    return hash.digest('base64url');
  }

  override async release(): Promise<void> {
    await this.kept?.close();
  }
}
