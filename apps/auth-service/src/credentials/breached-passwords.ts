import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';

import { invalidField } from '@libs/errors';

const hashLength = 40;
/** A hash, a colon, a count and a line end. */
const maxLineLength = 64;
const line = /^[0-9A-Fa-f]{40}(?::\d+)?\r?$/;

const readAt = promisify(read);

/**
 * Passwords of known breaches, by their SHA-1: a file with one in each line, in order, as Have I Been Pwned gives it out
 * (`SHA1:count`). It is searched where it lies, some 30 reads for a billion of them, and no password leaves the house.
 */
export class BreachedPasswords {
  private readonly size: number;

  private constructor(private readonly file: number) {
    this.size = fstatSync(file).size;
  }

  /** Refuses a file that is not of this form. */
  static async open(path: string): Promise<BreachedPasswords> {
    const passwords = new BreachedPasswords(openSync(path, 'r'));
    const { text } = await passwords.lineAround(0);
    if (line.test(text)) return passwords;
    passwords.close();
    throw new Error(`${path} does not begin with a SHA-1 in hexadecimal: it is no list of breached passwords.`);
  }

  /** In the form in which it was typed, and in that in which it is kept. */
  async refuse(password: string, field: string): Promise<void> {
    const forms = new Set([password, password.normalize('NFKC')]);
    for (const form of forms) {
      if (await this.has(form)) throw invalidField(field, 'NOT_ALLOWED', 'has become known in a breach');
    }
  }

  async has(password: string): Promise<boolean> {
    const wanted = createHash('sha1').update(password).digest('hex').toUpperCase();
    let [from, to] = [0, this.size];
    while (from < to) {
      const { text, begin, end } = await this.lineAround(Math.floor((from + to) / 2));
      const found = text.slice(0, hashLength).toUpperCase();
      if (found === wanted) return true;
      if (found > wanted) to = begin;
      else from = end;
    }
    return false;
  }

  close(): void {
    closeSync(this.file);
  }

  /** The line that holds this byte, and where it begins and ends. */
  private async lineAround(at: number): Promise<{ text: string; begin: number; end: number }> {
    const start = Math.max(0, at - maxLineLength);
    const buffer = Buffer.alloc(2 * maxLineLength);
    const { bytesRead } = await readAt(this.file, buffer, 0, buffer.length, start);
    const chunk = buffer.toString('latin1', 0, bytesRead);
    const begin = at === start ? 0 : chunk.lastIndexOf('\n', at - start - 1) + 1;
    const lineEnd = chunk.indexOf('\n', at - start);
    const end = lineEnd === -1 ? bytesRead : lineEnd;
    return { text: chunk.slice(begin, end), begin: start + begin, end: start + end + 1 };
  }
}
