import { availableParallelism } from 'node:os';

import type { AuthSettings } from '../settings/settings.js';
import { BreachedPasswords } from './breached-passwords.js';
import { HashingThreads } from './hashing-threads.js';
import { PasswordHasher } from './password-hasher.js';

/** Of the cost and with the threads that are set. */
export async function openPasswordHasher(settings: AuthSettings): Promise<PasswordHasher> {
  const { passwordConcurrency = sparedProcessors(), passwordMemoryKib, passwordPasses } = settings;
  const { passwordQueue = passwordConcurrency * queuedForEach } = settings;
  const { breachedPasswordsFile: file } = settings;
  const breached = file === undefined ? undefined : await BreachedPasswords.open(file);
  const threads = new HashingThreads(passwordConcurrency, passwordQueue);
  return new PasswordHasher(threads, { memoryKib: passwordMemoryKib, passes: passwordPasses }, breached);
}

/** Whoever waits holds a place in the gateway too, which everybody else would miss. */
const queuedForEach = 24;

/** A flood of logins must leave a processor to everything else. */
const sparedProcessors = (): number => Math.max(1, Math.min(3, availableParallelism() - 1));
