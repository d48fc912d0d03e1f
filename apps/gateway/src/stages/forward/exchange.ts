import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { toRefusal } from '@libs/service';

import type { Outcome } from '../../instances/outcome.js';
import { outcomeOfStatus } from '../../instances/outcome.js';
import { GatewayHttp2Response } from '../../http/http2-response.js';
import type { GatewayContext } from '../../request/gateway-context.js';
import { flagOf } from '../../request/flag.js';
import { answerHeaders } from './answer-headers.js';
import type { HeaderRules } from '../../http/header-rules.js';
import { type StreamKind, streamKind } from '../../http/event-stream.js';
import { sendEarlyHints } from '../../upstream/wire/interim.js';
import type { LiveStreams } from '../../streams/live-streams.js';
import { addTrailers, passingTrailers } from '../../http/trailers.js';
import type {
  AnswerHandler,
  AnswerHead,
  UpstreamCall,
  UpstreamConnections,
  UpstreamRequest,
} from '../../upstream/wire/upstream-call.js';
import { Tunnel } from '../../streams/tunnel.js';
import { refusedOnTheWay, type UpstreamFailure, upstreamFailure } from '../../upstream/wire/upstream-failure.js';
import { closeCodes } from '../../streams/websocket-frames.js';
import { grantsWebSocket } from './websocket-grant.js';

/**
 * An answer that says how long it is, and is no longer than this, is complete before the client sees any of it. So if
 * it was a lie the client gets 502 or 504 rather than half an answer, and another instance may be asked.
 */
const heldBytes = 16 * 1024;

/**
 * So long the head of an answer waits for its body: for the first byte of it, or for the whole of it where it is held.
 * Until then an answer that breaks is 502. A head whose body comes later is passed on alone.
 */
const headWaitMs = 50;

/** Nothing tells a stream of gRPC from a call with one answer but that it goes on. */
const longCallMs = 5_000;

/** Who is told what becomes of an attempt. */
export interface ExchangeListener {
  /** Once how the instance did, and once more if a good beginning came to a bad end. */
  report(outcome: Outcome, elapsedMs: number): void;
  /** The answer goes on for as long as anybody listens. Refuses when there are too many such. */
  becomeStream(): void;
}

/**
 * One attempt at one instance: streams the answer to the client as fast as the client takes it. `ended` resolves when
 * the answer has ended, one way or the other; with a failure if nothing of it has reached the client yet.
 */
export class Exchange implements AnswerHandler {
  readonly ended: Promise<UpstreamFailure | undefined>;
  private end: (failure: UpstreamFailure | undefined) => void = () => undefined;
  private call: UpstreamCall | undefined = undefined;
  private head: AnswerHead | undefined = undefined;
  /** One byte a character: Node sends that together with the head, in one piece. */
  private held: string | undefined = undefined;
  private hasBegun = false;
  private headTimer: NodeJS.Timeout | undefined = undefined;
  private callTimer: NodeJS.Timeout | undefined = undefined;
  private isOver = false;
  private isReported = false;
  private leaveLive: (() => void) | undefined = undefined;
  private isWaitingForDrain = false;
  private readonly startedAt = performance.now();

  constructor(
    private readonly context: GatewayContext,
    private readonly response: ServerResponse,
    private readonly request: UpstreamRequest,
    private readonly rules: HeaderRules,
    private readonly listener: ExchangeListener,
    private readonly live: LiveStreams,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    response.once('close', this.onClientClosed);
  }

  start(connections: UpstreamConnections): void {
    if (this.request.body?.isStream === true) this.callTimer = setTimeout(this.countCall, longCallMs).unref();
    const call = connections.send(this.request, this);
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
    if (head.length === 0) this.begin(head);
    else if (head.status === 205) this.endWithHead(head);
    else {
      if (head.length !== undefined && head.length <= heldBytes) this.held = '';
      // Most bodies come together with their head: only what comes later needs a timer.
      queueMicrotask(this.waitForBody);
    }
    if (head.length === undefined && !this.isOver) this.goOnAs(streamKind(head));
  }

  onData(chunk: Buffer): void {
    if (this.held !== undefined) {
      this.held += chunk.toString('latin1');
      return;
    }
    if (!this.hasBegun && this.head !== undefined) this.begin(this.head);
    this.pass(Buffer.from(chunk));
  }

  onEnd(trailers: readonly string[]): void {
    const { head, held, response } = this;
    if (head === undefined) return;
    if (held !== undefined) {
      this.begin(head);
      this.context.bytesOut += held.length;
      this.finish(undefined);
      response.end(held, 'latin1');
      return;
    }
    if (!this.hasBegun) this.begin(head);
    const passing = passingTrailers(trailers, this.rules);
    if (passing.length > 0) addTrailers(response, passing);
    this.finish(undefined);
    response.end();
  }

  onUpgrade(head: AnswerHead, upstream: Duplex, ahead: Buffer): void {
    const { context, response } = this;
    const { upgrade } = context;
    if (upgrade === undefined || !grantsWebSocket(head)) {
      upstream.destroy();
      return this.onFailure(upstreamFailure('malformed', { internal: 'it changes to a protocol that nobody wanted' }));
    }
    this.head = head;
    context.upstreamMs = performance.now() - this.startedAt;
    this.reportOnce('answered');
    this.listener.becomeStream();
    response.off('close', this.onClientClosed);
    const client = upgrade.accept(answerHeaders(context, head));
    const tunnel = new Tunnel(context, client, upstream, this.request.quietTimeoutMs);
    tunnel.begin(upgrade.ahead, ahead);
    const leaveTunnels = this.live.addTunnel(tunnel);
    const leaveSession = this.live.add(context, response.req, () =>
      tunnel.closeAtOnce('session_ended', closeCodes.policyViolation),
    );
    this.leaveLive = () => {
      leaveTunnels();
      leaveSession?.();
    };
    void tunnel.ended.then(() => this.finish(undefined));
  }

  onFailure(failure: UpstreamFailure): void {
    const { context, hasBegun, response } = this;
    if (context.upstreamMs === 0) context.upstreamMs = performance.now() - this.startedAt;
    if (!hasBegun) {
      this.reportOnce(failure.outcome);
      return this.finish(failure);
    }
    // Half an answer must not look like a whole one: the client sees its connection break.
    context.flag ||= failure.flag;
    if (failure.outcome !== 'cancelled') this.listener.report('broken', performance.now() - this.startedAt);
    this.finish(undefined);
    // A client of HTTP/1.0 takes a connection that is closed in the middle of an answer for the end of it.
    const isEndedByClose = this.head?.length === undefined && !response.chunkedEncoding;
    if (isEndedByClose && !(response instanceof GatewayHttp2Response)) response.socket?.resetAndDestroy();
    response.destroy();
  }

  private readonly waitForBody = (): void => {
    if (!this.isOver && !this.hasBegun) this.headTimer = setTimeout(this.passHeadAlone, headWaitMs);
  };

  private readonly passHeadAlone = (): void => {
    const { head, held, response } = this;
    if (head === undefined || this.hasBegun || response.headersSent) return;
    this.begin(head);
    if (held) this.pass(Buffer.from(held, 'latin1'));
    else response.flushHeaders();
  };

  private begin(head: AnswerHead): void {
    this.hasBegun = true;
    this.held = undefined;
    this.reportOnce(outcomeOfStatus(head.status));
    const headers = answerHeaders(this.context, head);
    const { response } = this;
    if (head.length === 0 && response instanceof GatewayHttp2Response) response.writeOnlyHead(head.status, headers);
    else response.writeHead(head.status, headers);
  }

  /** RFC 9110 §15.3.6: a 205 has no body, whatever the instance sends. */
  private endWithHead(head: AnswerHead): void {
    this.begin({ ...head, length: 0 });
    this.call?.abort();
    this.finish(undefined);
    this.response.end();
  }

  /** Nobody knows when the next event comes, or the last one; but when nobody may listen any more it is over. */
  private goOnAs(kind: StreamKind): void {
    if (kind === undefined) return;
    const { context, request, response } = this;
    if (kind === 'events' && !this.becomeStream()) return;
    request.idleTimeoutMs = request.quietTimeoutMs;
    if (kind === 'events') request.endsAt = Infinity;
    this.leaveLive = this.live.add(context, response.req, () => {
      context.flag ||= 'session_ended';
      if (!this.hasBegun && this.head !== undefined) this.begin(this.head);
      if (kind === 'grpc') response.addTrailers({ 'grpc-status': '16', 'grpc-message': 'the session has ended' });
      this.giveUp();
      response.end();
    });
  }

  /** False: there are too many, and this one is over. */
  private becomeStream(): boolean {
    try {
      this.listener.becomeStream();
      this.call?.becomeStream();
      return true;
    } catch (error) {
      const refusal = toRefusal(error);
      this.context.flag ||= flagOf(refusal.code);
      this.call?.abort();
      this.onFailure(refusedOnTheWay(refusal));
      return false;
    }
  }

  private readonly countCall = (): void => void (this.isOver || this.becomeStream());

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
    this.listener.report(outcome, performance.now() - this.startedAt);
  }

  private finish(failure: UpstreamFailure | undefined): void {
    this.isOver = true;
    clearTimeout(this.headTimer);
    clearTimeout(this.callTimer);
    this.call = undefined;
    this.leaveLive?.();
    this.response.off('close', this.onClientClosed);
    this.end(failure);
  }
}
