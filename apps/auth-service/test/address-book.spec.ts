import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every source that could write to somebody, without its tests. */
const sources = ['apps', 'libs'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\/src\/.*(?<!\.spec|\.fixture)\.ts$/.test(`/${name}`) && !name.includes('generated'))
    .map((name) => ({ path: join(root, name), text: readFileSync(join(root, name), 'utf8') })),
);
const pathsWith = (pattern: RegExp): string[] =>
  sources.flatMap(({ path, text }) => (pattern.test(text) ? [path] : [])).toSorted();

describe('where somebody is written to', () => {
  it('is said by the address book: letters are posted in two places, and one of them writes to addresses alone', () => {
    expect(pathsWith(/\bPostbox\b/).filter((path) => !path.startsWith(join('libs', 'mail')))).toEqual([
      join('apps', 'auth-service', 'src', 'emails', 'user-mailer.ts'),
      join('apps', 'tenant-service', 'src', 'mail-invitations', 'invitation-emails.ts'),
    ]);
  });

  it('is picked by nothing else: no letter but the one that asks for the proof of an address is given one', () => {
    const mailer = sources.find(({ path }) => path.endsWith('user-mailer.ts'))?.text ?? '';
    const methods = [...mailer.matchAll(/^ {2}async (\w+)\(([^]*?)\n {2}\}$/gm)].map(([body, name = '']) => ({
      name,
      body,
    }));
    expect(methods.map(({ name }) => name).toSorted()).toEqual([
      'invitation',
      'notice',
      'opensNothing',
      'reset',
      'verification',
    ]);
    const asked = methods.filter(({ body }) => body.includes('this.book.addressOf(user)')).map(({ name }) => name);
    expect(asked.toSorted()).toEqual(['invitation', 'notice', 'opensNothing', 'reset']);
    // Whoever calls hands over the user as tenant-service knows them, and never one with another address.
    expect(pathsWith(/mailer\.(?:notice|reset|opensNothing|invitation)\(/)).not.toEqual([]);
    expect(pathsWith(/mailer\.(?:notice|reset|opensNothing|invitation)\([^)]*\bemail\b(?!-)/)).toEqual([]);
    expect(pathsWith(/tell: \{/)).toEqual([]);
  });

  it('is what the owner has confirmed last: who that is, only the address book and the proofs ask', () => {
    const asking = pathsWith(/this\.verified\.find\(/).map((path) => path.split('/').at(-1));
    expect(asking.toSorted()).toEqual(['address-book.ts', 'email-announcer.ts']);
    const askingTheBook = pathsWith(/this\.book\.confirmed\(/).map((path) => path.split('/').at(-1));
    expect(askingTheBook.toSorted()).toEqual(['email-proofs.ts', 'email-state.ts']);
  });
});
