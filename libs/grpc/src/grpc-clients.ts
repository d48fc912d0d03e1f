import type { ServiceError } from '@grpc/grpc-js';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { currentContext, currentContextOrNone, newContext, serviceIdentity } from '@libs/trusted-headers';

import { refusalFrom } from './call-refusal.js';
import { type GrpcModuleOptions, grpcModuleOptions, type PeerName } from './grpc-module.options.js';
import { callSpan, statusAttributes, statusName } from './call-span.js';
import { Peer } from './peer.js';
import { askServerTime } from './server-time.js';
import type { AnyMethod, GrpcServiceDefinition, RequestOf, ResponseOf } from './service-definition.js';

export interface CallOptions {
  /** 2 seconds unless given; never longer than what is left of the caller's own deadline. */
  readonly deadlineMs?: number;
  /** Whose identity the call carries: the current caller's (the default) or that of this service. */
  readonly as?: 'caller' | 'service';
  /** With it the call happens once, however often it is made: the answer is that of the first. */
  readonly idempotencyKey?: string;
}

export type GrpcClient<D extends GrpcServiceDefinition> = {
  readonly [M in keyof D]: (request: RequestOf<D[M]>, options?: CallOptions) => Promise<ResponseOf<D[M]>>;
};

const defaultDeadlineMs = 2_000;

/** The clients of the other services: sealed for each call, never without a deadline, refusing with `Refusal`. */
@Injectable()
export class GrpcClients implements OnApplicationShutdown {
  readonly #peers = new Map<PeerName, Peer>();

  constructor(@Inject(grpcModuleOptions) private readonly options: GrpcModuleOptions) {}

  to<D extends GrpcServiceDefinition>(peerName: PeerName, definition: D): GrpcClient<D> {
    const peer = this.#peer(peerName);
    const calls = Object.entries(definition).map(([name, method]) => [
      name,
      (request: unknown, options: CallOptions = {}) => this.#call(peer, method, request, options),
    ]);
    return Object.fromEntries(calls) as GrpcClient<D>;
  }

  /** Connects ahead of need. Done when that is, or when the time is over. */
  async connect(peerName: PeerName, withinMs: number): Promise<void> {
    await this.#peer(peerName).connection.connect(withinMs);
  }

  /** What the clock of the peer says, in milliseconds since 1970; undefined if it does not trust that itself. */
  timeOf(peerName: PeerName): Promise<number | undefined> {
    return askServerTime(this.#peer(peerName).connection.client);
  }

  isConnected(peerName: PeerName): boolean {
    return this.#peer(peerName).connection.isReady;
  }

  /** Only now that the servers are closed: until then running requests still call. */
  onApplicationShutdown(): void {
    for (const peer of this.#peers.values()) peer.connection.close();
  }

  async #call(peer: Peer, method: AnyMethod, request: unknown, options: CallOptions): Promise<unknown> {
    const context = this.#contextFor(options.as ?? 'caller');
    const span = callSpan(context.span, peer.name, method.path);
    const metadata = peer.seal(
      method.path,
      span === undefined ? context : { ...context, traceparent: span.traceparent },
    );
    if (options.idempotencyKey !== undefined) metadata.set('idempotency-key', options.idempotencyKey);
    const own = Date.now() + (options.deadlineMs ?? defaultDeadlineMs);
    const deadline = Math.min(own, currentContextOrNone()?.deadline ?? Infinity);

    const { path, requestSerialize, responseDeserialize } = method;
    try {
      const answer = await new Promise((resolve, reject) => {
        const settle = (error: ServiceError | null, response: unknown) =>
          error === null ? resolve(response) : reject(error);
        peer.connection.client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          { deadline },
          settle,
        );
      });
      span?.set(statusAttributes());
      return answer;
    } catch (error) {
      span?.set(statusAttributes(error));
      span?.fail(statusName(error));
      throw refusalFrom(error as ServiceError, `${peer.name}${path}`);
    } finally {
      span?.end();
    }
  }

  #contextFor(as: 'caller' | 'service') {
    if (as === 'caller') return currentContext();
    return { ...(currentContextOrNone() ?? newContext()), identity: serviceIdentity(this.options.service) };
  }

  #peer(name: PeerName): Peer {
    const known = this.#peers.get(name);
    if (known !== undefined) return known;

    const address = this.options.peers[name];
    if (address === undefined) throw new Error(`${this.options.service} is not told where ${name} is.`);
    const { sealKey, certificate, names, clock } = this.options;
    const now = clock === undefined ? undefined : (): number => clock.now();
    const peer = new Peer(name, address, sealKey, certificate, names, now);
    this.#peers.set(name, peer);
    return peer;
  }
}
