import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';

import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { ReadinessChecks } from '@libs/observability';
import { toRefusal } from '@libs/service';

import { proxiedMethods } from '../configuration/route-methods.js';
import { Proxy } from '../forward/proxy.js';
import type { GatewayContext } from '../gateway-context.js';
import { AccessLog } from '../observe/access-log.js';
import { flagOf } from '../observe/flag.js';
import { Admission } from '../protect/admission.js';
import { isProbe } from '../protect/is-probe.js';
import { Router } from '../route/router.js';
import { answerRefusal } from './answer-refusal.js';
import type { ClientUpgrade } from './client-upgrade.js';
import { Edge } from './edge.js';
import { Http1Upgrade } from './http1-upgrade.js';
import { isHttp2 } from './is-http2.js';
import { answerOnSocket, refusalOfParser } from './parser-error.js';
import { discardUnreadBody } from './unread-body.js';
import { type Upload, Uploads } from './uploads.js';

/**
 * Receives everything from Node's server before Fastify does, and gives it only what the gateway answers at its own
 * addresses. That has passed the edge and the router, and its path is one of our own: no decision about access hangs
 * on how a framework reads a path.
 */
@Injectable()
export class Door {
  private readonly beingServed = new WeakMap<Socket, Upload>();
  /** Connections that were told already what was wrong: what follows on them is noise. */
  private readonly dismissed = new WeakSet<Socket>();

  private readonly uploads = new Uploads(answerLate);

  constructor(
    private readonly edge: Edge,
    private readonly router: Router,
    private readonly accessLog: AccessLog,
    private readonly readiness: ReadinessChecks,
    private readonly admission: Admission,
    private readonly proxy: Proxy,
  ) {}

  receive(request: IncomingMessage, response: ServerResponse, next: RequestListener, upgrade?: ClientUpgrade): void {
    const context = this.edge.open(request);
    context.upgrade = upgrade;
    this.beingServed.set(request.socket, { request, response, context });
    this.accessLog.recordWhenDone(context, response);
    response.on('error', ignore);
    response.once('close', () => {
      this.uploads.forget(request);
      discardUnreadBody(request);
    });
    if (this.readiness.isDraining) sendElsewhere(request, response);
    // Node throws away what stands behind a request for a change of protocol that is not granted.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    try {
      this.edge.check(request, context);
      const { options } = this.router.route(context);
      if (options !== undefined) return answerOptions(response, context, options);
      if (!isProbe(context.route)) this.admission.enter(response);
      this.uploads.watch({ request, response, context });
    } catch (error) {
      return answerRefusal(response, context, toRefusal(error));
    }
    const { target } = context.route;
    if (target.kind !== 'own') return void this.proxy.serve(context, request, response);
    request.url = target.takesAllBelow ? context.path + context.query : target.path;
    next(request, response);
  }

  /** A client asks for a WebSocket: that is a request like all others until it is granted. */
  receiveUpgrade(request: IncomingMessage, socket: Socket, ahead: Buffer, next: RequestListener): void {
    const upgrade = new Http1Upgrade(request, socket, ahead);
    this.receive(request, upgrade.response, next, upgrade);
  }

  /** A client takes the gateway for a proxy to anywhere. */
  receiveConnect(request: IncomingMessage, socket: Socket): void {
    const context = this.edge.open(request);
    const refusal = new Refusal('ROUTE_METHOD_NOT_ALLOWED', { headers: { allow: proxiedMethods.join(', ') } });
    context.flag = flagOf(refusal.code);
    socket.on('error', () => undefined);
    answerOnSocket(socket, context, refusal);
    this.accessLog.record(context, refusal.entry.status);
  }

  /** What Node's parser cannot read never becomes a request, but it is answered and logged like one. */
  receiveMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
    const served = this.beingServed.get(socket);
    if (served !== undefined && !(served.response.closed && served.request.complete)) {
      // It is the rest of a request that has a context already.
      served.response.shouldKeepAlive = false;
      if (served.response.closed) socket.destroy();
      else answerRefusal(served.response, served.context, refusalOfParser(error, served.context.snapshot));
      return;
    }
    // A connection that breaks between two requests is nobody's mistake.
    if (error.code === 'ECONNRESET' || this.dismissed.has(socket)) return void socket.destroy();
    this.dismissed.add(socket);
    const context = this.edge.openMalformed(socket);
    const refusal = refusalOfParser(error, context.snapshot);
    context.flag = flagOf(refusal.code);
    answerOnSocket(socket, context, refusal);
    this.accessLog.record(context, refusal.entry.status);
  }
}

/** Somebody wrote to an answer that is over. Its client knows, and nobody else is concerned. */
const ignore = (): void => undefined;

function answerLate({ context, response }: Upload): void {
  if (response.writableEnded) return;
  response.shouldKeepAlive = false;
  answerRefusal(response, context, new Refusal('REQUEST_TIMEOUT'));
}

/** The client is to take its next request to another gateway: this one is about to stop. */
function sendElsewhere(request: IncomingMessage, response: ServerResponse): void {
  if (isHttp2(request)) (request as unknown as Http2ServerRequest).stream.session?.close();
  else response.shouldKeepAlive = false;
}

function answerOptions(response: ServerResponse, context: GatewayContext, allow: string): void {
  response.writeHead(204, {
    allow,
    ...context.answerHeaders,
    'x-request-id': context.requestId,
    'x-trace-id': context.facts.trace.traceId,
  });
  response.end();
}
