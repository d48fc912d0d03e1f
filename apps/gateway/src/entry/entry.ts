import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';

import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { ReadinessChecks } from '@libs/observability';

import { PenaltyBox } from '../capacity/penalty-box.js';
import { hasDoubtfulFraming } from '../http/framing.js';
import { isHttp2 } from '../http/is-http2.js';
import { proxiedMethods } from '../http/methods.js';
import { answerRefusal } from '../request/answer-refusal.js';
import type { ClientUpgrade } from '../request/client-upgrade.js';
import { Contexts } from '../request/contexts.js';
import { type Flag, flagOf } from '../request/flag.js';
import type { GatewayContext } from '../request/gateway-context.js';
import type { Passage } from '../request/stage.js';
import { AccessLog } from '../stages/observe/access-log.js';
import { Http1Upgrade } from './http1-upgrade.js';
import { answerOnSocket, isOfParser, refusalOfParser } from './parser-error.js';
import { discardUnreadBody } from './unread-body.js';
import { Walk } from './walk.js';

/**
 * Receives everything from Node's server before Fastify does, and takes it through the pipeline. Fastify is given only
 * what the gateway answers at its own addresses, after every stage: no decision about access hangs on how a framework
 * reads a path.
 */
@Injectable()
export class Entry {
  private readonly beingServed = new WeakMap<Socket, Passage>();
  /** Connections on which nothing more is taken: they are told what was wrong, in their turn, and closed. */
  private readonly dismissed = new WeakSet<Socket>();

  constructor(
    private readonly contexts: Contexts,
    private readonly walk: Walk,
    private readonly accessLog: AccessLog,
    private readonly readiness: ReadinessChecks,
    private readonly penalties: PenaltyBox,
  ) {}

  receive(request: IncomingMessage, response: ServerResponse, upgrade?: ClientUpgrade): void {
    // It was read together with what the connection is closed for.
    if (this.dismissed.has(request.socket)) return;
    const context = this.contexts.open(request);
    context.upgrade = upgrade;
    const passage = { context, request, response };
    this.beingServed.set(request.socket, passage);
    response.on('error', ignore);
    response.once('close', () => {
      discardUnreadBody(request);
      // The streams of other requests share a connection of HTTP/2.
      if (isForOverload(context.flag) && !isHttp2(request)) this.penalties.hold(request.socket);
    });
    if (this.readiness.isDraining) sendElsewhere(request, response);
    // Node throws away what stands behind a request for a change of protocol that is not granted.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    if (hasDoubtfulFraming(request) && !isHttp2(request)) this.closeAfter(request.socket, response);
    void this.walk.take(passage);
  }

  /** A client asks for a WebSocket: that is a request like all others until it is granted. */
  receiveUpgrade(request: IncomingMessage, socket: Socket, ahead: Buffer): void {
    this.inTurn(socket, () => {
      // Node may have set one for the time between two requests.
      socket.setTimeout(0);
      const upgrade = new Http1Upgrade(request, socket, ahead);
      this.receive(request, upgrade.response, upgrade);
    });
  }

  /** A client takes the gateway for a proxy to anywhere. */
  receiveConnect(request: IncomingMessage, socket: Socket): void {
    const context = this.contexts.open(request);
    this.dismiss(
      socket,
      context,
      new Refusal('ROUTE_METHOD_NOT_ALLOWED', { headers: { allow: proxiedMethods.join(', ') } }),
    );
  }

  /** What Node's parser cannot read never becomes a request, but it is answered and logged like one. */
  receiveMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
    const served = this.beingServed.get(socket);
    if (served !== undefined && !served.request.complete) {
      // It is the rest of a request that has a context already.
      served.response.shouldKeepAlive = false;
      if (served.response.closed) socket.destroy();
      else answerRefusal(served.response, served.context, refusalOfParser(error, served.context.snapshot));
      return;
    }
    // A connection that breaks between two requests is nobody's mistake.
    if (!isOfParser(error)) return void socket.destroy();
    if (this.dismissed.has(socket)) return;
    const context = this.contexts.openMalformed(socket);
    this.dismiss(socket, context, refusalOfParser(error, context.snapshot));
  }

  private dismiss(socket: Socket, context: GatewayContext, refusal: Refusal): void {
    this.dismissed.add(socket);
    context.flag = flagOf(refusal.code);
    this.inTurn(socket, () => {
      answerOnSocket(socket, context, refusal);
      this.accessLog.record(context, refusal.entry.status);
    });
  }

  private closeAfter(socket: Socket, response: ServerResponse): void {
    this.dismissed.add(socket);
    response.shouldKeepAlive = false;
  }

  /** Answers come in the order of the requests (RFC 9112 §9.3.2), also those that Node does not put into a row. */
  private inTurn(socket: Socket, answer: () => void): void {
    const before = this.beingServed.get(socket)?.response;
    // Node has let go of the connection, and nobody else hears when it breaks.
    socket.on('error', ignore);
    if (before === undefined || before.closed) answer();
    else before.once('close', answer);
  }
}

/** Somebody wrote to an answer that is over. Its client knows, and nobody else is concerned. */
const ignore = (): void => undefined;

const isForOverload = (flag: Flag): boolean => flag === 'overloaded' || flag === 'upstream_overloaded';

/** The client is to take its next request to another gateway: this one is about to stop. */
function sendElsewhere(request: IncomingMessage, response: ServerResponse): void {
  if (isHttp2(request)) (request as unknown as Http2ServerRequest).stream.session?.close();
  else response.shouldKeepAlive = false;
}
