import fc from 'fast-check';

import type { AnswerHead } from '../wire/upstream-call.js';
import { AnswerParser, type ParsedAnswer } from './answer-parser.js';
import { MalformedAnswer } from './malformed-answer.js';

/** Writes down what the parser finds. */
class Notes implements ParsedAnswer {
  interims: number[] = [];
  head: AnswerHead | undefined = undefined;
  body = '';
  trailers: readonly string[] | undefined = undefined;
  hasMore = false;
  upgradeAhead: string | undefined = undefined;

  onInterim({ status }: AnswerHead): void {
    this.interims.push(status);
  }
  onHead(head: AnswerHead): void {
    this.head = head;
  }
  onData(chunk: Buffer): void {
    this.body += chunk.toString('latin1');
  }
  onEnd(trailers: readonly string[], hasMore: boolean): void {
    this.trailers = trailers;
    this.hasMore = hasMore;
  }
  onUpgrade(head: AnswerHead, ahead: Buffer): void {
    this.head = head;
    this.upgradeAhead = ahead.toString('latin1');
  }
}

interface Asked {
  readonly method?: string;
  readonly mayUpgrade?: boolean;
  readonly closes?: boolean;
}

function read(text: string, { method = 'GET', mayUpgrade = false, closes = false }: Asked = {}, cuts: number[] = []) {
  const notes = new Notes();
  const parser = new AnswerParser(notes);
  parser.expect(method, mayUpgrade);
  const bytes = Buffer.from(text, 'latin1');
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < places.length; index++) {
    const piece = bytes.subarray(places[index - 1], places[index]);
    if (piece.length > 0) parser.feed(piece);
  }
  if (closes) parser.finish();
  return notes;
}

const answers: readonly { what: string; text: string; asked?: Asked; status: number; body: string }[] = [
  { what: 'a length', text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', status: 200, body: 'hello' },
  { what: 'no body', text: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, body: '' },
  { what: 'a length of nothing', text: 'HTTP/1.1 200\r\ncontent-length:0\r\n\r\n', status: 200, body: '' },
  {
    what: 'chunks',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n',
    status: 200,
    body: 'hello',
  },
  {
    what: 'neither length nor chunks, and an end by closing',
    text: 'HTTP/1.0 200 OK\r\n\r\nhello',
    asked: { closes: true },
    status: 200,
    body: 'hello',
  },
  {
    what: 'a length but no body, to HEAD',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
    asked: { method: 'HEAD' },
    status: 200,
    body: '',
  },
  {
    what: 'interim answers first',
    text: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
  },
];

describe('AnswerParser', () => {
  it.each(answers)('reads an answer with $what', ({ text, asked, status, body }) => {
    const notes = read(text, asked);
    expect([notes.head?.status, notes.body, notes.trailers, notes.hasMore]).toEqual([status, body, [], false]);
  });

  it('reads the same wherever the pieces end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.array(fc.nat(300), { maxLength: 12 }), ({ text, asked }, cuts) => {
        expect(read(text, asked, cuts)).toEqual(read(text, asked));
      }),
    );
  });

  it('tells names in lower case and values without the blanks around them', () => {
    const { head } = read(
      'HTTP/1.1 200 OK\r\nX-A: \t b c\t \r\nSet-Cookie: 1\r\nset-cookie: 2\r\ncontent-length: 0\r\n\r\n',
    );
    expect(head?.headers).toEqual(['x-a', 'b c', 'set-cookie', '1', 'set-cookie', '2', 'content-length', '0']);
  });

  it('tells trailers', () => {
    const text = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nGrpc-Status: 0\r\nX-B: c\r\n\r\n';
    expect(read(text).trailers).toEqual(['grpc-status', '0', 'x-b', 'c']);
  });

  it.each([
    { what: 'a length', text: 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab' },
    { what: 'no body', text: 'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\nx' },
    { what: 'chunks', text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n' },
    { what: 'HEAD', text: 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na', asked: { method: 'HEAD' } },
  ])('notices that there is more than asked for, after $what', ({ text, asked }) => {
    expect(read(text, asked).hasMore).toBe(true);
  });

  it('hands over what follows when the protocol changes as asked', () => {
    const text = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nahead';
    expect(read(text, { mayUpgrade: true }).upgradeAhead).toBe('ahead');
  });

  it.each([
    { what: 'no HTTP', text: 'garbage\r\n\r\n' },
    { what: 'no HTTP, not even a line', text: 'g' },
    { what: 'HTTP of another kind', text: 'HTTP/2 200\r\n\r\n' },
    { what: 'a status with two digits', text: 'HTTP/1.1 20 OK\r\n\r\n' },
    { what: 'a status below 100', text: 'HTTP/1.1 099 OK\r\n\r\n' },
    { what: 'a header without a colon', text: 'HTTP/1.1 200 OK\r\nabc\r\n\r\n' },
    { what: 'a blank before the colon', text: 'HTTP/1.1 200 OK\r\nx-a : 1\r\n\r\n' },
    { what: 'a folded header', text: 'HTTP/1.1 200 OK\r\nx-a: 1\r\n 2\r\n\r\n' },
    { what: 'a bare line feed in a header', text: 'HTTP/1.1 200 OK\r\nx-a: 1\nx-b: 2\r\n\r\n' },
    { what: 'a bare carriage return in a header', text: 'HTTP/1.1 200 OK\r\nx-a: 1\rx-b: 2\r\n\r\n' },
    { what: 'a control character in a header', text: 'HTTP/1.1 200 OK\r\nx-a: a\x01b\r\n\r\n' },
    { what: 'a control character at the end of a header', text: 'HTTP/1.1 200 OK\r\nx-a: a\x0b\r\n\r\n' },
    { what: 'two lengths', text: 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na' },
    { what: 'two lengths in one', text: 'HTTP/1.1 200 OK\r\ncontent-length: 1, 1\r\n\r\na' },
    { what: 'a length with a sign', text: 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\na' },
    { what: 'a length and chunks', text: 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n' },
    { what: 'another coding', text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n' },
    {
      what: 'a coding twice',
      text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n',
    },
    { what: 'chunks in HTTP/1.0', text: 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n' },
    { what: 'a chunk without a size', text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n' },
    { what: 'a chunk that is too long', text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n' },
    { what: 'a chunk with a bare line feed', text: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\na\r\n' },
    {
      what: 'a size of a chunk without end',
      text: `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'0'.repeat(300)}`,
    },
    { what: 'a change of protocol that nobody wanted', text: 'HTTP/1.1 101 Switching Protocols\r\n\r\n' },
    { what: 'interim answers without end', text: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(40) },
    { what: 'a head without end', text: `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}` },
  ])('takes no answer with $what', ({ text }) => {
    expect(() => read(text)).toThrow(MalformedAnswer);
  });

  it('takes no answer that nobody waits for', () => {
    const parser = new AnswerParser(new Notes());
    expect(() => parser.feed(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow(MalformedAnswer);
  });

  it('knows a break from an end', () => {
    const notes = new Notes();
    const parser = new AnswerParser(notes);
    parser.expect('GET', false);
    parser.feed(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'));
    expect([parser.finish(), notes.trailers]).toEqual([false, undefined]);
  });
});
