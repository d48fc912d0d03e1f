import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import type { Identity } from '@libs/trusted-headers';

import { gatewayConfiguration } from '../../configuration/check/gateway-configuration.js';
import type { GatewayConfigurationInput } from '../../configuration/schema/gateway-configuration.schema.js';
import { compileSnapshot, type Snapshot } from '../../runtime/snapshot.js';
import { attachContext, GatewayContext } from '../../request/gateway-context.js';

export interface RequestSketch {
  readonly access?: {
    authenticated?: boolean;
    methods?: ('jwt' | 'api-key')[];
    roles?: string[];
    scopes?: string[];
    withoutSecondFactor?: boolean;
    withoutTenant?: boolean;
  };
  readonly rateLimits?: GatewayConfigurationInput['rateLimits'];
  readonly cost?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly identity?: Identity;
  readonly clientAddress?: string;
  /** Instead of one that the sketch describes. */
  readonly snapshot?: Snapshot;
  /** Further sections of the configuration. */
  readonly rest?: GatewayConfigurationInput;
}

const anIssuer = { issuer: 'https://issuer.test', audience: 'gatehouse', jwksUrl: 'http://127.0.0.1:1/keys' };

/** A compiled configuration with one route, `/things`, that takes all of its limits. */
export const aSnapshot = (
  { access, rateLimits = {}, cost }: Pick<RequestSketch, 'access' | 'rateLimits' | 'cost'> = {},
  rest: GatewayConfigurationInput = {},
): Snapshot =>
  compileSnapshot(
    gatewayConfiguration.parse({
      authentication: { jwt: { issuers: [anIssuer] }, apiKeys: { resolver: 'grpc' } },
      ...rest,
      rateLimits,
      services: { 'thing-service': { instances: [{ url: 'http://127.0.0.1:1' }] } },
      routes: [
        { id: 'things', path: '/things', service: 'thing-service', access, rateLimits: Object.keys(rateLimits), cost },
      ],
    }),
  );

/** A request as it comes to a guard: through the edge, with its route found. */
export function aRequest(sketch: RequestSketch = {}): {
  context: GatewayContext;
  execution: ExecutionContext;
  response: ServerResponse;
} {
  const raw = new IncomingMessage(new Socket());
  Object.assign(raw.headers, sketch.headers);
  const snapshot = sketch.snapshot ?? aSnapshot(sketch, sketch.rest);
  const context = new GatewayContext({
    snapshot,
    requestId: 'request-1',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', traceparent: '', tracestate: '', span: undefined },
    startedAt: 0,
    method: 'GET',
    host: 'gateway.test',
    protocol: 'http',
    headers: raw.headers,
    clientAddress: sketch.clientAddress ?? '192.0.2.1',
  });
  context.path = '/things';
  context.matchedRoute = snapshot.routes.find(context);
  if (sketch.identity !== undefined) context.identity = sketch.identity;
  attachContext(raw, context);

  const response = new ServerResponse(raw);
  const execution = new ExecutionContextHost(
    [{ raw, headers: raw.headers }, { raw: response }],
    class {},
    () => undefined,
  );
  return { context, execution, response };
}
