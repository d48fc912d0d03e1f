import { readFileSync, statSync } from 'node:fs';

/** How often a file is looked at for a change, at most. */
const lookEveryMs = 1_000;

/**
 * What a small file says, read again when it has changed. It is read without libuv's pool, in which others may wait for
 * something slow. A file that is not there says nothing.
 */
export class FollowedFile<T> {
  private value: T;
  private stamp = '';
  private lookedAt = -Infinity;

  constructor(
    private readonly path: string,
    private readonly parse: (text: string) => T,
    private readonly clock: () => number,
  ) {
    this.value = parse('');
  }

  get current(): T {
    const now = this.clock();
    if (now - this.lookedAt < lookEveryMs) return this.value;
    this.lookedAt = now;
    try {
      this.readAgain();
    } catch {
      // What cannot be read for the moment has not changed as far as we know.
    }
    return this.value;
  }

  private readAgain(): void {
    const found = statSync(this.path, { throwIfNoEntry: false });
    const stamp = found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`;
    if (stamp === this.stamp) return;
    this.value = this.parse(found === undefined ? '' : readFileSync(this.path, 'utf8'));
    this.stamp = stamp;
  }
}
