import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '@libs/testing';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Reads what a service has put into its mail folder. */
export class Mailbox {
  constructor(private readonly folder: string) {}

  to(address: string): Letter[] {
    return this.all().filter(({ to }) => to.toLowerCase() === address.toLowerCase());
  }

  /** The latest letter to that address about that, once it is there. */
  async latest(address: string, subject: RegExp): Promise<Letter> {
    const find = (): Letter | undefined => this.to(address).findLast((letter) => subject.test(letter.subject));
    const letter = await until(find, (found) => found !== undefined);
    if (letter === undefined) throw new Error('no letter');
    return letter;
  }

  async token(address: string, subject: RegExp): Promise<string> {
    return /gtm_[\w-]{43}/.exec((await this.latest(address, subject)).text)?.[0] ?? 'no token';
  }

  /** Names of files are ids that grow with time. */
  private all(): Letter[] {
    return namesIn(this.folder)
      .filter((name) => name.endsWith('.eml'))
      .toSorted()
      .map((name) => read(readFileSync(join(this.folder, name), 'utf8')));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(eml: string): Letter {
  const [head = '', ...body] = eml.replaceAll('\r\n', '\n').split('\n\n');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '';
  const isQuoted = /quoted-printable/i.test(header('content-transfer-encoding'));
  const text = body.join('\n\n');
  return { to: header('to'), subject: header('subject'), text: isQuoted ? unquote(text) : text };
}

const unquote = (text: string): string =>
  text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
