import { dictionary } from '@zxcvbn-ts/language-common';

/** About 49,000 passwords that were found most often in leaks, in lower case. */
const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** Those are what guessers try first (NIST SP 800-63B §3.1.1.2); capitals do not make them rarer. */
export const isCommonPassword = (password: string): boolean => common.has(password.normalize('NFKC').toLowerCase());

/** Whether a password is no more than a name of its owner, which everybody knows. */
export function namesOwner(password: string, { username, email }: { username: string; email: string }): boolean {
  const names = [username, email, email.split('@', 1)[0] ?? ''].map((name) => name.toLowerCase());
  return names.includes(password.toLowerCase());
}
