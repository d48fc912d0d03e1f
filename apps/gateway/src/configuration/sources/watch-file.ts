import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** How long a file must have been left alone: editors write in several steps, and half a file may look like a whole. */
const quietMs = 100;
/** Some file systems tell nobody what changes on them. */
const lookEveryMs = 1_000;

/**
 * Calls `changed` when a file is another one than before: written in place, replaced by renaming, or behind a symbolic
 * link that leads elsewhere, as Kubernetes mounts a ConfigMap. So it is folders that are watched, and the file looked at.
 */
export function watchFile(file: string, changed: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let seen = fingerprint(file);
  let quiet: NodeJS.Timeout | undefined;

  const look = (): void => {
    clearTimeout(quiet);
    const now = fingerprint(file);
    watchFolders();
    if (now === seen) return;
    quiet = setTimeout(() => {
      // Still at work: it is looked at again when it was left alone.
      if (fingerprint(file) !== now) return look();
      seen = now;
      changed();
    }, quietMs);
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

function fingerprint(file: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(file);
    return [realpathSync(file), ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return '';
  }
}
