import { parseTrailers } from './answer-head.js';
import { MalformedAnswer } from './malformed-answer.js';

const maxSizeLine = 256;
const maxTrailerBytes = 16 * 1024;
const sizeLine = /^([0-9A-Fa-f]{1,12})[\t ]*(?:;[\t -~\x80-\xff]*)?$/;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Takes the chunks of a body out of their coding (RFC 9112 §7.1). */
export class ChunkedBody {
  /** Undefined until the end has come. */
  trailers: readonly string[] | undefined = undefined;
  private state: 'size' | 'data' | 'data-end' | 'trailers' = 'size';
  private remaining = 0;
  /** Of a line that is not complete yet. */
  private line = '';
  private trailerText = '';

  /** Gives what is in `chunk` from `at` on to `take`, and returns where the body ended, or the length of `chunk`. */
  feed(chunk: Buffer, at: number, take: (data: Buffer) => void): number {
    let index = at;
    while (index < chunk.length && this.trailers === undefined) {
      if (this.state === 'data') {
        const end = Math.min(chunk.length, index + this.remaining);
        take(index === 0 && end === chunk.length ? chunk : chunk.subarray(index, end));
        this.remaining -= end - index;
        index = end;
        if (this.remaining === 0) this.state = 'data-end';
      } else {
        const lineEnd = chunk.indexOf(lineFeed, index);
        const stop = lineEnd === -1 ? chunk.length : lineEnd + 1;
        this.line += chunk.toString('latin1', index, stop);
        index = stop;
        if (this.line.length > (this.state === 'trailers' ? maxTrailerBytes : maxSizeLine)) {
          throw new MalformedAnswer('a line between chunks is too long');
        }
        if (lineEnd !== -1) this.endLine();
      }
    }
    return index;
  }

  private endLine(): void {
    const { line } = this;
    this.line = '';
    if (line.length < 2 || line.charCodeAt(line.length - 2) !== carriageReturn) {
      throw new MalformedAnswer('a line between chunks has no carriage return');
    }
    const text = line.slice(0, -2);
    if (this.state === 'data-end') {
      if (text !== '') throw new MalformedAnswer('a chunk is longer than it says');
      this.state = 'size';
    } else if (this.state === 'size') this.beginChunk(text);
    else if (text === '') this.trailers = parseTrailers(this.trailerText);
    else {
      this.trailerText += line;
      if (this.trailerText.length > maxTrailerBytes) throw new MalformedAnswer('the trailers are too long');
    }
  }

  private beginChunk(text: string): void {
    const [, size] = sizeLine.exec(text) ?? [];
    if (size === undefined) throw new MalformedAnswer('the size of a chunk is none');
    this.remaining = Number.parseInt(size, 16);
    this.state = this.remaining === 0 ? 'trailers' : 'data';
  }
}
