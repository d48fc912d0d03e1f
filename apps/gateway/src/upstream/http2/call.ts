import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';

import type { Refusal } from '@libs/errors';

import type { BodySink } from '../../request/request-body.js';
import type { AnswerHandler, AnswerHead, UpstreamCall, UpstreamRequest } from '../wire/upstream-call.js';
import { errorText, type FailureKind, refusedOnTheWay, upstreamFailure } from '../wire/upstream-failure.js';
import { inOneLineEach } from '../../http/one-line-each.js';
import { answerHead, fieldsOf } from './fields.js';
import type { Http2Session } from './session.js';

const noTrailers: readonly string[] = [];

/** One request to an instance, as a stream of HTTP/2. */
export class Http2Call implements UpstreamCall, BodySink {
  private stream: ClientHttp2Stream | undefined = undefined;
  private session: Http2Session | undefined = undefined;
  private isOver = false;
  private hasAnswerBegun = false;
  private isRequestSent = false;
  private trailers = noTrailers;
  private trailersToSend = noTrailers;
  private waiting: Extract<FailureKind, 'headers' | 'idle' | 'slowClient'> = 'headers';
  private deadline = Infinity;

  constructor(
    readonly request: UpstreamRequest,
    private readonly handler: AnswerHandler,
    /** When waiting for a connection has lasted too long. */
    readonly waitsUntil: number,
    private readonly leaveQueue: (call: Http2Call) => void,
  ) {}

  begin(session: Http2Session, stream: ClientHttp2Stream): void {
    const { body } = this.request;
    this.session = session;
    this.stream = stream;
    this.handler.onSent();
    stream.on('headers', this.onInterim);
    stream.on('response', this.onResponse);
    stream.on('trailers', this.onTrailers);
    stream.on('data', this.onData);
    stream.on('end', this.onEnd);
    stream.on('error', this.onError);
    stream.on('close', this.onClose);
    if (body === undefined) {
      this.isRequestSent = true;
      this.waitFor('headers', this.request.headersTimeoutMs);
      return;
    }
    stream.on('drain', this.onDrain);
    stream.on('wantTrailers', this.onWantTrailers);
    // Other bodies are watched where they come in; a stream of messages may rest, but not for ever.
    if (body.isStream) this.waitFor('slowClient', this.request.quietTimeoutMs);
    body.flowTo(this);
  }

  checkTime(now: number): void {
    if (now >= this.request.endsAt) this.fail('total', 'it took too long altogether');
    else if (now >= this.deadline) {
      // Perhaps nobody is there any more; what comes next gets a connection that was seen to work.
      if (this.waiting === 'headers') this.session?.retire();
      this.fail(this.waiting, 'it took too long');
    }
  }

  fail(kind: FailureKind, internal: string, { cause, wasNeverSent }: { cause?: unknown; wasNeverSent?: boolean } = {}) {
    if (!this.finish()) return;
    this.stream?.close(constants.NGHTTP2_CANCEL);
    this.handler.onFailure(
      upstreamFailure(kind, { internal, cause, ...(wasNeverSent === undefined ? {} : { wasNeverSent }) }),
    );
  }

  // What the client does.

  pause(): void {
    this.stream?.pause();
    this.waitFor('slowClient', this.request.idleTimeoutMs);
  }

  resume(): void {
    this.stream?.resume();
    this.waitFor('idle', this.request.idleTimeoutMs);
  }

  /** Its connection carries others beside it. */
  becomeStream(): void {
    // Nothing is to be done.
  }

  abort(): void {
    if (!this.finish()) return;
    if (this.stream === undefined) this.leaveQueue(this);
    else this.stream.close(constants.NGHTTP2_CANCEL);
  }

  write(chunk: Buffer): boolean {
    const { stream } = this;
    if (stream === undefined || stream.writableEnded || stream.destroyed) return true;
    if (stream.write(chunk)) {
      if (this.hasAnswerBegun) this.touch();
      else if (this.request.body?.isStream === true) this.waitFor('slowClient', this.request.quietTimeoutMs);
      return true;
    }
    this.waitFor('idle', this.request.idleTimeoutMs);
    return false;
  }

  end(trailers: readonly string[]): void {
    this.trailersToSend = trailers;
    this.isRequestSent = true;
    if (this.stream?.destroyed === false) this.stream.end();
    if (!this.hasAnswerBegun) this.waitFor('headers', this.request.headersTimeoutMs);
  }

  breakOff(refusal: Refusal): void {
    if (!this.finish()) return;
    this.stream?.close(constants.NGHTTP2_CANCEL);
    this.handler.onFailure(refusedOnTheWay(refusal));
  }

  // What the instance says.

  private readonly onInterim = (headers: IncomingHttpHeaders, flags: number, raw: readonly string[]): void => {
    if (!this.isOver) this.handler.onInterim(this.headOf(headers, flags, raw));
  };

  private readonly onResponse = (headers: IncomingHttpHeaders, flags: number, raw: readonly string[]): void => {
    if (this.isOver) return;
    this.hasAnswerBegun = true;
    this.handler.onHead(this.headOf(headers, flags, raw));
    this.waitFor('idle', this.request.idleTimeoutMs);
  };

  private readonly onTrailers = (_headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]): void => {
    this.trailers = fieldsOf(raw);
  };

  private readonly onData = (chunk: Buffer): void => {
    if (this.isOver) return;
    this.handler.onData(chunk);
    this.touch();
  };

  /** It comes too when the stream was broken off, so the code decides. */
  private readonly onEnd = (): void => {
    const { stream } = this;
    if (stream === undefined || !this.hasAnswerBegun) return;
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR || stream.aborted) return;
    if (!this.finish()) return;
    // RFC 9113 §8.1: an instance that has answered may not want the rest of the request.
    if (!this.isRequestSent) stream.close(constants.NGHTTP2_NO_ERROR);
    this.handler.onEnd(this.trailers);
  };

  private readonly onError = (error: Error): void => this.break(errorText(error), error);

  private readonly onClose = (): void => this.break('the stream is closed');

  private readonly onDrain = (): void => {
    if (this.isOver || this.isRequestSent) return;
    if (!this.hasAnswerBegun) this.waitFor('headers', Infinity);
    this.request.body?.flowOn();
  };

  private readonly onWantTrailers = (): void => {
    const lines = inOneLineEach(this.trailersToSend);
    const fields: Record<string, string> = {};
    for (let index = 0; index < lines.length; index += 2) fields[lines[index] ?? ''] = lines[index + 1] ?? '';
    this.stream?.sendTrailers(fields);
  };

  private headOf(headers: IncomingHttpHeaders, flags: number, raw: readonly string[]): AnswerHead {
    const endsHere = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    return answerHead(headers, raw, { method: this.request.method, endsHere });
  }

  private break(internal: string, cause?: unknown): void {
    // RFC 9113 §8.7: refused streams, and those that a GOAWAY does not count, have not been worked on.
    const wasNeverSent = this.stream?.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    const isMalformed = this.stream?.rstCode === constants.NGHTTP2_PROTOCOL_ERROR;
    this.fail(isMalformed ? 'malformed' : 'reset', internal, { cause, wasNeverSent });
  }

  private waitFor(what: typeof this.waiting, ms: number): void {
    this.waiting = what;
    this.deadline = performance.now() + ms;
  }

  private touch(): void {
    if (this.waiting === 'idle') this.deadline = performance.now() + this.request.idleTimeoutMs;
  }

  /** False if it was over already. */
  private finish(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.request.body?.stop();
    this.session?.forget(this);
    return true;
  }
}
