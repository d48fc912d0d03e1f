import type { AnswerHead } from '../wire/upstream-call.js';
import { type Http1Head, parseAnswerHead } from './answer-head.js';
import { ChunkedBody } from './chunked-body.js';
import { MalformedAnswer } from './malformed-answer.js';

export interface ParsedAnswer {
  onInterim(head: AnswerHead): void;
  onHead(head: Http1Head): void;
  onData(chunk: Buffer): void;
  /** `hasMore`: something follows that nobody asked for. */
  onEnd(trailers: readonly string[], hasMore: boolean): void;
  onUpgrade(head: Http1Head, ahead: Buffer): void;
}

const headEnd = Buffer.from('\r\n\r\n');
const maxHeadBytes = 64 * 1024;
/** Answers 1xx before the real one. */
const maxInterim = 32;
const noTrailers: readonly string[] = [];

type State = 'idle' | 'head' | 'length' | 'chunked' | 'close';

/**
 * Reads what one connection to an instance brings, answer by answer. It keeps nothing of what it is fed when `feed`
 * returns, and neither may those whom it tells. Throws `MalformedAnswer`.
 */
export class AnswerParser {
  private state: State = 'idle';
  private method = '';
  private mayUpgrade = false;
  private partial: Buffer | undefined = undefined;
  private remaining = 0;
  private chunked: ChunkedBody | undefined = undefined;
  private interims = 0;

  constructor(private readonly parsed: ParsedAnswer) {}

  /** An answer is due. What comes without being due is malformed. */
  expect(method: string, mayUpgrade: boolean): void {
    this.state = 'head';
    this.method = method;
    this.mayUpgrade = mayUpgrade;
    this.interims = 0;
  }

  feed(chunk: Buffer): void {
    switch (this.state) {
      case 'idle':
        throw new MalformedAnswer('it answers without being asked');
      case 'head':
        return this.feedHead(chunk);
      case 'close':
        return this.parsed.onData(chunk);
      default:
        return this.feedBody(chunk, 0);
    }
  }

  /** The instance has closed its side. Returns whether that is an end, and not a break. */
  finish(): boolean {
    if (this.state !== 'close') return false;
    this.end(false);
    return true;
  }

  private feedHead(chunk: Buffer): void {
    const { partial } = this;
    const searchFrom = partial === undefined ? 0 : Math.max(0, partial.length - headEnd.length + 1);
    const bytes = partial === undefined ? chunk : Buffer.concat([partial, chunk]);
    const end = bytes.indexOf(headEnd, searchFrom);
    if (end === -1 ? bytes.length > maxHeadBytes : end > maxHeadBytes)
      throw new MalformedAnswer('its head is too long');
    if (end === -1) {
      checkBeginning(bytes);
      this.partial = partial === undefined ? Buffer.from(bytes) : bytes;
      return;
    }
    this.partial = undefined;
    const head = parseAnswerHead(bytes.toString('latin1', 0, end), this.method);
    this.begin(head, bytes, end + headEnd.length);
  }

  private begin(head: Http1Head, bytes: Buffer, at: number): void {
    if (head.status === 101) {
      if (!this.mayUpgrade) throw new MalformedAnswer('it changes to another protocol without being asked');
      this.state = 'idle';
      return this.parsed.onUpgrade(head, bytes.subarray(at));
    }
    if (head.status < 200) {
      if (++this.interims > maxInterim) throw new MalformedAnswer('it has too many interim answers');
      this.parsed.onInterim(head);
      if (at < bytes.length) this.feedHead(bytes.subarray(at));
      return;
    }
    this.parsed.onHead(head);
    this.remaining = head.length ?? 0;
    if (head.framing === 'none' || (head.framing === 'length' && head.length === 0)) {
      return this.end(at < bytes.length);
    }
    if (head.framing === 'chunked') this.chunked = new ChunkedBody();
    this.state = head.framing as State;
    if (at < bytes.length) {
      if (this.state === 'close') this.parsed.onData(bytes.subarray(at));
      else this.feedBody(bytes, at);
    }
  }

  private feedBody(bytes: Buffer, at: number): void {
    if (this.chunked !== undefined) {
      const end = this.chunked.feed(bytes, at, this.take);
      if (this.chunked.trailers !== undefined) this.end(end < bytes.length, this.chunked.trailers);
      return;
    }
    const end = Math.min(bytes.length, at + this.remaining);
    this.remaining -= end - at;
    this.parsed.onData(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    if (this.remaining === 0) this.end(end < bytes.length);
  }

  private readonly take = (data: Buffer): void => this.parsed.onData(data);

  private end(hasMore: boolean, trailers = noTrailers): void {
    this.state = 'idle';
    this.chunked = undefined;
    this.parsed.onEnd(trailers, hasMore);
  }
}

const protocol = Buffer.from('HTTP/1.');

/** Something that cannot become an answer is not waited for. */
function checkBeginning(bytes: Buffer): void {
  const length = Math.min(bytes.length, protocol.length);
  if (bytes.compare(protocol, 0, length, 0, length) !== 0) throw new MalformedAnswer('it does not speak HTTP/1');
}
