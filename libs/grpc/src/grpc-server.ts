import {
  type handleUnaryCall,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  status,
} from '@grpc/grpc-js';
import { type CustomTransportStrategy, ServerGrpc } from '@nestjs/microservices';

import { once } from 'node:events';
import { createServer } from 'node:net';

import type { OwnCertificate } from '@libs/mutual-tls';
import type { Span, Tracer } from '@libs/tracing';
import { incomingContext, metadataHeaders, type RequestContext, runInContext } from '@libs/trusted-headers';

import { callAttributes, statusAttributes, statusName } from './call-span.js';
import { listenSecurely, type SecureListener } from './secure-listener.js';
import { leftUnread } from './unread-message.js';
import { ServerHealth } from './server-health.js';
import { tellingTime } from './server-time.js';
import { addReflection } from './server-reflection.js';
import { type GrpcServiceDefinition, serviceNameOf } from './service-definition.js';

export interface GrpcServerOptions {
  readonly host: string;
  /** 0 takes any free port; `GrpcServer.port` tells which. */
  readonly port: number;
  readonly services: readonly GrpcServiceDefinition[];
  /** Reflection is there only outside production. */
  readonly production: boolean;
  /** With it, only those listed may call, over mutual TLS. */
  readonly admission?: { readonly own: OwnCertificate; readonly allowed: readonly string[] } | undefined;
  /** Begins a span for each call that is recorded. */
  readonly tracer?: Tracer | undefined;
  /** What time it is here, for whoever asks; undefined: this process does not know. */
  readonly now?: (() => number | undefined) | undefined;
  /** How long `close` waits for running calls. */
  readonly drainMs?: number;
}

const maxReceiveBytes = 4 * 1024 * 1024;
const channelOptions = {
  'grpc.max_receive_message_length': maxReceiveBytes,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

/** No connection outlives the certificates it was opened with by much. Its calls end, and the next has another one. */
const renewing = { 'grpc.max_connection_age_ms': 3_600_000, 'grpc.max_connection_age_grace_ms': 60_000 };

/** Nest's gRPC transport with the server of Gatehouse: known port, context per call, health, reflection, drain. */
export class GrpcServer extends ServerGrpc implements CustomTransportStrategy {
  readonly health: ServerHealth;
  readonly #settings: GrpcServerOptions;
  #server: Server | undefined;
  #listener: SecureListener | undefined;
  #port = 0;

  constructor(settings: GrpcServerOptions) {
    const names = settings.services.map(serviceNameOf);
    super({
      package: [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))))],
      packageDefinition: Object.fromEntries(
        settings.services.map((service) => [serviceNameOf(service), leftUnread(service)]),
      ),
    });
    this.#settings = settings;
    this.health = new ServerHealth(names);
  }

  /** The port that it really listens on, once it listens. */
  get port(): number {
    return this.#port;
  }

  override async createClient(): Promise<Server> {
    const { host, port, admission, production, services, now = () => Date.now() } = this.#settings;
    const server = new Server({
      ...channelOptions,
      ...(admission === undefined ? {} : renewing),
      interceptors: [tellingTime(now)],
    });
    this.health.addTo(server);
    if (!production) addReflection(server, services.map(serviceNameOf));
    if (admission === undefined) this.#port = await bindPlainly(server, host, port);
    else {
      this.#listener = await listenSecurely(server, { host, port, ...admission });
      this.#port = this.#listener.port;
    }
    this.#server = server;
    return server;
  }

  override createUnaryServiceMethod(handler: Function): Function {
    const serve = super.createUnaryServiceMethod(handler) as handleUnaryCall<unknown, unknown>;
    return (call: ServerUnaryCall<unknown, unknown>, callback: Parameters<typeof serve>[1]) => {
      const context = contextOf(call, this.#settings.tracer);
      const { span } = context;
      runInContext(context, () => serve(call, span === undefined ? callback : endingWith(span, call, callback)));
    };
  }

  /** Finishes the running calls, then cuts what is left: a health watcher would otherwise hold it open for ever. */
  override async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.#listener?.close();
    this.health.setServing(false);
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => server.forceShutdown(), this.#settings.drainMs ?? 3_000);
      server.tryShutdown(() => {
        clearTimeout(cut);
        resolve();
      });
    });
  }
}

type Answer = sendUnaryData<unknown>;

/** Ends the span with the answer, or when the caller does not wait for it. */
function endingWith(span: Span, call: ServerUnaryCall<unknown, unknown>, answer: Answer): Answer {
  span.set(callAttributes(call.getPath()));
  call.on('cancelled', () => {
    span.set(statusAttributes({ code: status.CANCELLED }));
    span.fail('CANCELLED');
    span.end();
  });
  return (error, ...rest) => {
    span.set(statusAttributes(error));
    if (error !== null && error !== undefined) span.fail(statusName(error));
    span.end();
    answer(error, ...rest);
  };
}

async function bindPlainly(server: Server, host: string, port: number): Promise<number> {
  // grpc-js tells of a port that is taken in many words and no code.
  if (port !== 0) await tryPort(host, port);
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

async function tryPort(host: string, port: number): Promise<void> {
  const taker = createServer();
  taker.listen(port, host);
  await once(taker, 'listening');
  taker.close();
  await once(taker, 'close');
}

function contextOf(call: ServerUnaryCall<unknown, unknown>, tracer: Tracer | undefined): RequestContext {
  const deadline = Number(call.getDeadline());
  const context = incomingContext(metadataHeaders(call.metadata), tracer, call.getPath().slice(1));
  return Number.isFinite(deadline) ? { ...context, deadline } : context;
}

/** For `app.connectMicroservice(...)`; keep the strategy to learn the port and to set the health. */
export const grpcServer = (options: GrpcServerOptions): { strategy: GrpcServer } => ({
  strategy: new GrpcServer(options),
});
