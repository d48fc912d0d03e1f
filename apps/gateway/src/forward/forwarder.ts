import type { IncomingMessage, ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';
import type { Dispatcher } from 'undici';

import { Refusal } from '@libs/errors';

import { Balancer } from '../balance/balancer.js';
import type { Instance } from '../balance/instance.js';
import { Snapshots } from '../configuration/snapshots.js';
import type { GatewayContext } from '../gateway-context.js';
import type { ServiceTarget } from '../route/route.model.js';
import { Connections } from './connections.js';
import { Exchange } from './exchange.js';
import { HeaderRules } from './header-rules.js';
import { hasBody, requestBody } from './request-body.js';
import { SealKeys } from './seal-keys.js';
import type { UpstreamFailure } from './upstream-failure.js';
import { upstreamHeaders } from './upstream-headers.js';
import { upstreamPath } from './upstream-path.js';

/** Safe to send twice, because twice is once (RFC 9110 §9.2.2). */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Sends a request to an instance and its answer back, both as streams. */
@Injectable()
export class Forwarder {
  private readonly rules: HeaderRules;

  constructor(
    private readonly balancer: Balancer,
    private readonly connections: Connections,
    private readonly sealKeys: SealKeys,
    snapshots: Snapshots,
  ) {
    this.rules = HeaderRules.forRequests(snapshots.current.configuration.authentication.apiKeys.header);
  }

  /** Refuses only while nothing has been answered. */
  async forward(context: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { target } = context.route;
    if (target.kind !== 'service') throw new Error(`The route ${context.route.id} leads to no service`);
    // While the guards were asking, the client may have gone or the request may have been refused.
    if (response.closed || response.writableEnded) return;
    const options = this.optionsFor(context, request, target);
    const isRepeatable = !hasBody(request) && idempotentMethods.has(context.method);

    const tried: Instance[] = [];
    let instance = this.balancer.pick(target.service);
    for (;;) {
      const failure = await this.attempt(instance, target, options, context, request, response);
      if (failure === undefined) return;
      tried.push(instance);
      const next = this.next(target, tried, failure, isRepeatable);
      if (next === undefined) {
        context.flag ||= failure.flag;
        throw failure.refusal;
      }
      instance = next;
    }
  }

  private async attempt(
    instance: Instance,
    target: ServiceTarget,
    options: Dispatcher.DispatchOptions,
    context: GatewayContext,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<UpstreamFailure | undefined> {
    context.instance = instance;
    instance.state.inFlight++;
    try {
      const exchange = new Exchange(context, response);
      const body = hasBody(request) ? requestBody(context, request, response) : null;
      this.connections.to(instance, target.service).dispatch({ ...options, body: body as never }, exchange);
      const failure = await exchange.ended;
      if (failure?.isUnreachable === true) this.balancer.markUnreachable(instance);
      return failure;
    } finally {
      instance.state.inFlight--;
    }
  }

  /** Another instance, if a further attempt cannot make the request happen twice. */
  private next(
    target: ServiceTarget,
    tried: readonly Instance[],
    failure: UpstreamFailure,
    isRepeatable: boolean,
  ): Instance | undefined {
    const isSafe = failure.wasNeverSent || (isRepeatable && failure.flag !== '');
    if (!isSafe || tried.length > target.service.config.retries) return undefined;
    try {
      return this.balancer.pick(target.service, tried);
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  private optionsFor(
    context: GatewayContext,
    request: IncomingMessage,
    target: ServiceTarget,
  ): Dispatcher.DispatchOptions {
    const path = upstreamPath(context, target);
    const { service } = target;
    const headers = upstreamHeaders(context, request.rawHeaders, {
      path,
      rules: this.rules,
      seal: { audience: service.name, key: this.sealKeys.for(service.name) },
      preserveHost: service.config.preserveHost,
    });
    return {
      path: path + context.query,
      method: context.method as Dispatcher.HttpMethod,
      headers,
      headersTimeout: target.headersTimeoutMs,
      bodyTimeout: target.idleTimeoutMs,
    };
  }
}
