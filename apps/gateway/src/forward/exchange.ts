import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import type { Outcome } from '../balance/outcome.js';
import { outcomeOfStatus } from '../balance/outcome.js';
import type { GatewayContext } from '../gateway-context.js';
import { answerHeaders } from './answer-headers.js';
import type { HeaderRules } from './header-rules.js';
import { sendEarlyHints } from './interim.js';
import { addTrailers, passingTrailers } from './trailers.js';
import type { AnswerHandler, AnswerHead, UpstreamCall, UpstreamConnections, UpstreamRequest } from './upstream-call.js';
import type { UpstreamFailure } from './upstream-failure.js';

/**
 * An answer that says how long it is, and is no longer than this, is complete before the client sees any of it. So if
 * it was a lie the client gets 502 or 504 rather than half an answer, and another instance may be asked.
 */
const heldBytes = 16 * 1024;

/**
 * One attempt at one instance: streams the answer to the client as fast as the client takes it. `ended` resolves when
 * the answer has ended, one way or the other; with a failure if nothing of it has reached the client yet.
 */
export class Exchange implements AnswerHandler {
  readonly ended: Promise<UpstreamFailure | undefined>;
  private end: (failure: UpstreamFailure | undefined) => void = () => undefined;
  private call: UpstreamCall | undefined = undefined;
  private head: AnswerHead | undefined = undefined;
  private held: Buffer[] | undefined = undefined;
  private isOver = false;
  private isWaitingForDrain = false;
  private readonly startedAt = performance.now();

  constructor(
    private readonly context: GatewayContext,
    private readonly response: ServerResponse,
    private readonly rules: HeaderRules,
    /** Told once how the instance did, and once more if a good beginning came to a bad end. */
    private readonly report: (outcome: Outcome, elapsedMs: number) => void,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    response.once('close', this.onClientClosed);
  }

  start(connections: UpstreamConnections, request: UpstreamRequest): void {
    const call = connections.send(request, this);
    if (this.isOver) call.abort();
    else this.call = call;
  }

  onSent(): void {
    // What has been sent may have happened; the connections know, and say so when they fail.
  }

  onInterim({ status, headers }: AnswerHead): void {
    if (status === 103 && !this.response.headersSent) sendEarlyHints(this.response, headers, this.rules);
  }

  onHead(head: AnswerHead): void {
    // The request was refused in the meantime, perhaps because its body turned out too large.
    if (this.response.headersSent) return this.giveUp();
    this.context.upstreamMs = performance.now() - this.startedAt;
    this.head = head;
    if (head.length !== undefined && head.length > 0 && head.length <= heldBytes) this.held = [];
    else this.begin(head);
  }

  onData(chunk: Buffer): void {
    if (this.held !== undefined) this.held.push(chunk);
    else this.pass(chunk);
  }

  onEnd(trailers: readonly string[]): void {
    const { head, held, response } = this;
    if (head === undefined) return;
    if (held !== undefined) {
      this.begin(head);
      const [only] = held;
      const body = held.length === 1 && only !== undefined ? only : Buffer.concat(held);
      this.context.bytesOut += body.length;
      this.finish(undefined);
      response.end(body);
      return;
    }
    const passing = passingTrailers(trailers, this.rules);
    if (passing.length > 0) addTrailers(response, passing);
    this.finish(undefined);
    response.end();
  }

  onUpgrade(_head: AnswerHead, stream: Duplex): void {
    stream.destroy();
    this.giveUp();
  }

  onFailure(failure: UpstreamFailure): void {
    const { context, response } = this;
    const hasBegun = this.head !== undefined && this.held === undefined;
    if (context.upstreamMs === 0) context.upstreamMs = performance.now() - this.startedAt;
    if (!hasBegun) {
      this.reportOnce(failure.outcome);
      return this.finish(failure);
    }
    // Half an answer must not look like a whole one: the client sees its connection break.
    context.flag ||= failure.flag;
    if (failure.outcome !== 'cancelled') this.report('broken', performance.now() - this.startedAt);
    this.finish(undefined);
    response.destroy();
  }

  private begin(head: AnswerHead): void {
    this.held = undefined;
    this.reportOnce(outcomeOfStatus(head.status));
    this.response.writeHead(head.status, answerHeaders(this.context, head));
  }

  private pass(chunk: Buffer): void {
    this.context.bytesOut += chunk.length;
    if (this.response.write(chunk) || this.isWaitingForDrain) return;
    this.isWaitingForDrain = true;
    this.call?.pause();
    this.response.once('drain', this.onDrain);
  }

  private readonly onDrain = (): void => {
    this.isWaitingForDrain = false;
    this.call?.resume();
  };

  private readonly onClientClosed = (): void => {
    if (!this.response.writableFinished) this.context.flag ||= 'client_gone';
    this.giveUp();
  };

  /** The answer is not wanted any more. */
  private giveUp(): void {
    this.call?.abort();
    this.reportOnce('cancelled');
    this.finish(undefined);
  }

  private reportOnce(outcome: Outcome): void {
    if (this.isReported) return;
    this.isReported = true;
    this.report(outcome, performance.now() - this.startedAt);
  }
  private isReported = false;

  private finish(failure: UpstreamFailure | undefined): void {
    this.isOver = true;
    this.call = undefined;
    this.response.off('close', this.onClientClosed);
    this.end(failure);
  }
}
