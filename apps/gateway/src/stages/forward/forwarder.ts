import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { ComparedClock } from '@libs/clock';
import { Refusal } from '@libs/errors';

import { isOver } from '../../http/is-over.js';
import { Balancer } from '../../instances/pool/balancer.js';
import type { Instance } from '../../instances/instance.js';
import { hasMember } from '../../http/list-field.js';
import type { GatewayContext } from '../../request/gateway-context.js';
import { type Passage, serviceOf, type Stage, type Verdict } from '../../request/stage.js';
import { StreamBounds } from '../../streams/stream-bounds.js';
import { addressNetwork } from '../../limits/limit-key.js';
import type { ServiceTarget } from '../../routes/model/route.model.js';
import { Upstreams } from '../../upstream/upstreams.js';
import { Exchange, type ExchangeListener } from './exchange.js';
import { LiveStreams } from '../../streams/live-streams.js';
import { SealKeys } from '../../seals/seal-keys.js';
import { tracedAttempt } from './traced-attempt.js';
import type { Upstream } from '../../upstream/upstream.js';
import type { UpstreamRequest } from '../../upstream/wire/upstream-call.js';
import { type UpstreamFailure, upstreamFailure } from '../../upstream/wire/upstream-failure.js';
import { upstreamHeaders } from './upstream-headers.js';
import { Via } from '../../seals/via.js';

/** Safe to send twice, because twice is once (RFC 9110 §9.2.2). */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Sends a request to an instance and its answer back, both as streams. */
@Injectable()
export class Forwarder implements Stage {
  constructor(
    private readonly balancer: Balancer,
    private readonly upstreams: Upstreams,
    private readonly sealKeys: SealKeys,
    private readonly live: LiveStreams,
    private readonly via: Via,
    private readonly bounds: StreamBounds,
    private readonly clock: ComparedClock,
  ) {}

  /** Refuses only while nothing has been answered. */
  async pass({ context, request, response }: Passage): Promise<Verdict> {
    const target = serviceOf(context);
    const { instance } = context;
    if (instance === undefined) throw new Error('The balance stage has not run yet');
    const upstreamRequest = this.prepare(context, request, response, target, instance);
    const first = this.upstreams.to(instance, target.service);
    const { budget } = first;
    budget.begin();
    try {
      const failure = await this.attempt(first, upstreamRequest, context, response);
      if (failure !== undefined) await this.goOn(failure, [], upstreamRequest, context, response);
    } finally {
      budget.end();
    }
    return 'answered';
  }

  /** What is not to be sent after all is not the instance's. */
  private prepare(
    context: GatewayContext,
    request: IncomingMessage,
    response: ServerResponse,
    target: ServiceTarget,
    instance: Instance,
  ): UpstreamRequest {
    try {
      const upstreamRequest = this.requestFor(context, request, target, context.upstreamPath);
      checkTime(upstreamRequest, context);
      if (context.upgrade !== undefined) this.bounds.enter(context, response);
      return upstreamRequest;
    } catch (error) {
      this.balancer.giveBack(instance);
      throw error;
    }
  }

  private attempt(
    upstream: Upstream,
    request: UpstreamRequest,
    context: GatewayContext,
    response: ServerResponse,
  ): Promise<UpstreamFailure | undefined> {
    const { span } = context.facts.trace;
    if (span === undefined) return this.ask(upstream, request, context, response);
    return tracedAttempt(span, upstream, request, response, (told) => this.ask(upstream, told, context, response));
  }

  private async ask(
    upstream: Upstream,
    request: UpstreamRequest,
    context: GatewayContext,
    response: ServerResponse,
  ): Promise<UpstreamFailure | undefined> {
    const { instance, breaker, clients } = upstream;
    context.instance = instance;
    let place = clients.take(request.client);
    try {
      place ??= await clients.turn(request.client, waitsUntil(request), () => !isOver(response));
      if (place === undefined) return this.hadNoTurn(instance);
      const taken = place;
      const listener: ExchangeListener = {
        report: (outcome, elapsedMs) => {
          this.balancer.report(instance, outcome, elapsedMs);
          breaker.hear(outcome, performance.now());
        },
        becomeStream: () => {
          if (!request.upgrade) this.bounds.enter(context, response);
          taken.leave();
        },
      };
      const exchange = new Exchange(context, response, request, context.snapshot.headerRules, listener, this.live);
      exchange.start(upstream.connectionsFor(request));
      return await exchange.ended;
    } finally {
      place?.leave();
      this.balancer.release(instance);
    }
  }

  private hadNoTurn(instance: Instance): UpstreamFailure {
    const failure = upstreamFailure('share', { internal: 'its client has its share of the instance already' });
    this.balancer.report(instance, failure.outcome, 0);
    return failure;
  }

  /** Asks others, as long as a further attempt cannot make the request happen twice. */
  private async goOn(
    firstFailure: UpstreamFailure,
    tried: Instance[],
    request: UpstreamRequest,
    context: GatewayContext,
    response: ServerResponse,
  ): Promise<void> {
    const target = serviceOf(context);
    const { config } = target.service;
    let failure: UpstreamFailure | undefined = firstFailure;
    for (let attempts = 1; ; attempts++) {
      if (context.instance !== undefined) tried.push(context.instance);
      const next =
        attempts > config.retries || !mayGoOn(failure, request) ? undefined : this.next(context, target, tried);
      if (next === undefined || !next.budget.take(config.retryBudget)) {
        if (next !== undefined) this.balancer.giveBack(next.instance);
        context.flag ||= failure.flag;
        throw failure.refusal;
      }
      try {
        await delay(backoff(config.retryBackoff, attempts));
        if (isOver(response)) return this.balancer.giveBack(next.instance);
        failure = await this.attempt(next, request, context, response);
      } finally {
        next.budget.giveBack();
      }
      if (failure === undefined) return;
    }
  }

  private next(context: GatewayContext, target: ServiceTarget, tried: Instance[]): Upstream | undefined {
    try {
      return this.upstreams.choose(context, target.service, tried);
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  private requestFor(
    context: GatewayContext,
    request: IncomingMessage,
    target: ServiceTarget,
    path: string,
  ): UpstreamRequest {
    const { service } = target;
    const headers = upstreamHeaders(context, request.rawHeaders, {
      path,
      rules: context.snapshot.headerRules,
      via: this.via.after(context.headers.via, request.httpVersion),
      seal: { audience: service.name, key: this.sealKeys.for(service.name), now: this.clock.now() },
    });
    const { upgrade } = context;
    if (upgrade !== undefined) headers.push(...upgrade.headers);
    return {
      client: { network: addressNetwork(context.clientAddress), userId: context.identity.userId },
      method: context.method,
      target: path + context.query,
      host: service.config.preserveHost ? context.facts.host : undefined,
      headers,
      body: context.body,
      acceptsTrailers: hasMember(String(request.headers.te ?? ''), 'trailers'),
      upgrade: upgrade !== undefined,
      connectTimeoutMs: service.config.timeouts.connect,
      headersTimeoutMs: target.headersTimeoutMs,
      idleTimeoutMs: target.idleTimeoutMs,
      quietTimeoutMs: service.config.timeouts.quiet,
      endsAt: target.totalTimeoutMs === undefined ? Infinity : context.facts.startedAt + target.totalTimeoutMs,
    };
  }
}

/** Until when it waits to be sent. */
const waitsUntil = ({ connectTimeoutMs, endsAt }: UpstreamRequest): number =>
  Math.min(performance.now() + connectTimeoutMs, endsAt);

/** A limit may have kept it waiting for longer than it may take: then it must not happen any more. */
function checkTime({ endsAt }: UpstreamRequest, context: GatewayContext): void {
  if (performance.now() < endsAt) return;
  const { flag, refusal } = upstreamFailure('total', { internal: 'its time was over before it was sent' });
  context.flag ||= flag;
  throw refusal;
}

function mayGoOn(failure: UpstreamFailure, { method, body, endsAt }: UpstreamRequest): boolean {
  if (performance.now() >= endsAt) return false;
  if (failure.wasNeverSent) return body === undefined || body.isWhole;
  return body === undefined && idempotentMethods.has(method) && failure.outcome !== 'cancelled';
}

/** Not all at the same time: whatever broke the first attempt broke those of others too. */
const backoff = (ms: number, attempts: number): number => ms * 2 ** (attempts - 1) * (0.5 + Math.random() / 2);
