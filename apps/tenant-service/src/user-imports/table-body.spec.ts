import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { TableBody } from './table-body.js';

const arriving = (...chunks: readonly string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
const digestOf = (body: TableBody) => body.digest().finally(() => body.release());

describe('the body of a table', () => {
  it('tells the same of the same bytes however they come, and something else of others', async () => {
    const whole = await digestOf(new TableBody(arriving('username,email')));
    expect(await digestOf(new TableBody(arriving('username', ',email')))).toBe(whole);
    expect(await digestOf(new TableBody(arriving('username,e-mail')))).not.toBe(whole);
    expect(await digestOf(new TableBody(arriving()))).not.toBe(whole);
  });

  it('is read as it is, with and without a digest before', async () => {
    const chunks = Array.from({ length: 5_000 }, (_, n) => `name-${n},name-${n}@example.com\n`);
    const kept = new TableBody(arriving(...chunks));
    await kept.digest();
    expect(await text(kept.read())).toBe(chunks.join(''));
    await kept.release();
    const passing = new TableBody(arriving(...chunks));
    expect(await text(passing.read())).toBe(chunks.join(''));
    await passing.release();
  });

  it('is not kept beyond what there is room for', async () => {
    const body = new TableBody(arriving('x'.repeat(60), 'x'.repeat(60)), 100);
    await expect(digestOf(body)).rejects.toMatchObject({ code: 'REQUEST_BODY_TOO_LARGE' });
  });
});
