import { closeSync, type FSWatcher, openSync, readSync, realpathSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/**
 * How long a file must have been left alone before it is read: half a file may look like a whole. One that was put in the
 * place of another by renaming is whole. One that is written where it stands is whole, as far as anybody can tell, when
 * its last line has an end and nothing was added for a while.
 */
const quietMs = { replaced: 100, written: 500, unfinished: 3_000 } as const;
/** Some file systems tell nobody what changes on them. */
const lookEveryMs = 1_000;

/**
 * Calls `changed` when a file is another one than before: written in place, replaced by renaming, or behind a symbolic
 * link that leads elsewhere, as Kubernetes mounts a ConfigMap. So it is folders that are watched, and the file looked at.
 */
export function watchFile(file: string, changed: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let seen = fingerprint(file);
  let awaited: Fingerprint | undefined;
  let quiet: NodeJS.Timeout | undefined;

  const look = (): void => {
    const now = fingerprint(file);
    watchFolders();
    if (now.whole === awaited?.whole) return;
    clearTimeout(quiet);
    awaited = undefined;
    if (now.whole === seen.whole) return;
    awaited = now;
    quiet = setTimeout(
      () => {
        awaited = undefined;
        // Still at work: it is looked at again when it was left alone.
        if (fingerprint(file).whole !== now.whole) return look();
        seen = now;
        changed();
      },
      patienceFor(file, seen, now),
    );
    quiet.unref();
  };

  const watchFolders = (): void => {
    const wanted = foldersOf(file);
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (watchers.has(folder)) continue;
      const watcher = watchFolder(folder, look, () => watchers.delete(folder));
      if (watcher !== undefined) watchers.set(folder, watcher);
    }
  };

  watchFolders();
  const looking = setInterval(look, lookEveryMs).unref();
  return () => {
    clearInterval(looking);
    clearTimeout(quiet);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

/** Undefined where the folder cannot be watched: then the file is only looked at now and again. */
function watchFolder(folder: string, look: () => void, gone: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, look);
    watcher.on('error', () => {
      watcher.close();
      gone();
    });
    return watcher;
  } catch {
    return undefined;
  }
}

/** The folder that names the file, and the one that it is really in. */
function foldersOf(file: string): Set<string> {
  const folders = new Set([dirname(file)]);
  try {
    folders.add(dirname(realpathSync(file)));
  } catch {
    // Not there just now.
  }
  return folders;
}

interface Fingerprint {
  /** Which file it is, whatever is in it; empty where there is none. */
  readonly identity: string;
  readonly whole: string;
}

function fingerprint(file: string): Fingerprint {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(file);
    const identity = `${realpathSync(file)} ${ino}`;
    return { identity, whole: [identity, size, mtimeMs, ctimeMs].join(' ') };
  } catch {
    return { identity: '', whole: '' };
  }
}

function patienceFor(file: string, seen: Fingerprint, now: Fingerprint): number {
  if (seen.identity !== now.identity && seen.identity !== '') return quietMs.replaced;
  return endsWithLine(file) ? quietMs.written : quietMs.unfinished;
}

function endsWithLine(file: string): boolean {
  try {
    const handle = openSync(file, 'r');
    try {
      const last = Buffer.alloc(1);
      const { size } = statSync(file);
      return size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last.toString() === '\n';
    } finally {
      closeSync(handle);
    }
  } catch {
    return false;
  }
}
