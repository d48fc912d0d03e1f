// What a thread of HashingThreads runs. Plain JavaScript, because a thread can load it from the sources, too, in unit tests.
import { hashSync, verifySync } from '@node-rs/argon2';
import { verifySync as verifyBcryptSync } from '@node-rs/bcrypt';

export const hash = ({ password, options }) => hashSync(password, options);
export const verify = ({ storedHash, password }) => verifySync(storedHash, password);
export const verifyBcrypt = ({ storedHash, password }) => verifyBcryptSync(password, storedHash);
