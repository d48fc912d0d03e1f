import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';

import type { LimitsConfig } from '../configuration/schema/limits.schema.js';
import type { Http2Config } from '../configuration/schema/listen.schema.js';
import type { Entry } from './entry.js';
import { ExtendedConnect } from './extended-connect.js';
import { GatewayHttp2Response } from '../http/http2-response.js';
import { followLeaving } from '../http/leaving.js';
import { SessionGuard } from './session-guard.js';
import { discardUnreadBody } from './unread-body.js';

/** What one stream may have on its way, and all of a connection together: less makes uploads slow, more costs memory. */
const streamWindow = 256 * 1024;
const connectionWindow = 1024 * 1024;
/** How often connections are looked at for what Node does not tell of. */
const checkEveryMs = 500;
/** Pseudo-headers, and some more, so that a little too many are still refused with a status. */
const spareHeaders = 32;

/** HTTP/2 from clients: takes connections, and brings their requests to the entry in the form of HTTP/1.1. */
export class Http2Entry {
  private readonly server: Http2Server;
  private readonly sessions = new Map<ServerHttp2Session, SessionGuard>();
  private timer: NodeJS.Timeout | undefined = undefined;
  private opening: Socket | undefined = undefined;

  constructor(
    private readonly entry: Entry,
    private readonly limits: LimitsConfig,
    private readonly config: Http2Config,
  ) {
    this.server = createServer({
      settings: {
        maxConcurrentStreams: config.streams,
        maxHeaderListSize: limits.headerBytes + limits.uriBytes + 1024,
        initialWindowSize: streamWindow,
        enableConnectProtocol: true,
      },
      maxHeaderListPairs: limits.headerCount + spareHeaders,
      maxSessionInvalidFrames: 100,
      maxSessionRejectedStreams: 100,
      streamResetBurst: config.resets,
      streamResetRate: Math.max(1, Math.floor(config.resets / 10)),
      Http2ServerResponse: GatewayHttp2Response as never,
    });
    this.server.on('session', (session) => this.keep(session));
    this.server.on('request', this.receive);
    this.server.on('checkContinue', this.receive);
    // Node would answer by itself, without a problem and without a log line.
    this.server.on('checkExpectation', this.receive);
    this.server.on('connect', this.receive);
    this.server.on('sessionError', () => undefined);
  }

  open(socket: Socket): void {
    // Node makes the session, and tells of it, before this returns.
    this.opening = socket;
    this.server.emit('connection', socket);
    this.opening = undefined;
  }

  /** Clients are told to take their next requests elsewhere; those that run may end. */
  closeGently(): void {
    for (const session of this.sessions.keys()) if (!session.closed) session.close();
  }

  closeAtOnce(): void {
    for (const session of this.sessions.keys()) session.destroy();
  }

  private check(): void {
    for (const guard of this.sessions.values()) guard.check();
  }

  private forget(session: ServerHttp2Session): void {
    this.sessions.delete(session);
    if (this.sessions.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private keep(session: ServerHttp2Session): void {
    session.once('close', () => this.forget(session));
    const socket = this.opening;
    if (socket === undefined) throw new Error('Node has made a session of a connection that was not given to it');
    followLeaving(session, socket);
    session.setLocalWindowSize(connectionWindow);
    const { headerBytes, uriBytes } = this.limits;
    const guard = new SessionGuard(session, socket, this.config, headerBytes + uriBytes);
    this.sessions.set(session, guard);
    this.timer ??= setInterval(() => this.check(), checkEveryMs).unref();
    session.setTimeout(this.limits.keepAliveTimeout, () => {
      // A request may wait for its answer for a long time without a byte.
      if (guard.openStreams === 0) session.close();
    });
  }

  private readonly receive = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const { stream } = request;
    // The client may be done with the answer long before it is done with its body.
    stream.once('finish', () => discardUnreadBody(request as unknown as IncomingMessage));
    const [http1Request, http1Response] = [
      request as unknown as IncomingMessage,
      response as unknown as ServerResponse,
    ];
    const upgrade = ExtendedConnect.in(request, http1Response);
    this.entry.receive(http1Request, http1Response, upgrade);
  };
}
