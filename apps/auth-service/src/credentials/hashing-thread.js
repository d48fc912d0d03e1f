// What a thread of HashingThreads runs. Plain JavaScript, because a thread can load it from the sources, too, in unit tests.
import { hashSync, verifySync } from '@node-rs/argon2';
import { verifySync as verifyBcryptSync } from '@node-rs/bcrypt';

/** How long it rests after a hash, as a share of the time that this took (docs/decisions/0014). */
const rest = 1;

const sleeper = new Int32Array(new SharedArrayBuffer(4));
let restsUntil = 0;

/** Whoever comes after a while waits for nothing: only hashes that follow one another are slowed down. */
function politely(work) {
  const restsFor = restsUntil - performance.now();
  if (restsFor > 0) Atomics.wait(sleeper, 0, 0, restsFor);
  const startedAt = performance.now();
  try {
    return work();
  } finally {
    const endedAt = performance.now();
    restsUntil = endedAt + rest * (endedAt - startedAt);
  }
}

export const hash = ({ password, options }) => politely(() => hashSync(password, options));
export const verify = ({ storedHash, password }) => politely(() => verifySync(storedHash, password));
export const verifyBcrypt = ({ storedHash, password }) => politely(() => verifyBcryptSync(password, storedHash));
