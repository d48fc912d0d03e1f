import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { proxiedMethods } from '../configuration/route.schema.js';
import { Snapshots } from '../configuration/snapshots.js';
import type { GatewayContext } from '../gateway-context.js';
import { isForbiddenPath } from './forbidden-path.js';

const knownMethods: ReadonlySet<string> = new Set(proxiedMethods);

/** Finds the route, which decides about everything that follows. */
@Injectable()
export class Router {
  constructor(private readonly snapshots: Snapshots) {}

  /** `options`: nothing was matched, but this is what may be asked here (RFC 9110 §9.3.7). */
  route(context: GatewayContext): { readonly options?: string } {
    const { method, path } = context;
    if (isForbiddenPath(path)) throw new Refusal('ROUTE_NOT_FOUND');

    const match = this.snapshots.current.routes.match(method, hostName(context.facts.host), path);
    if (match.kind === 'none') throw new Refusal('ROUTE_NOT_FOUND');
    if (match.kind === 'other-method' || !knownMethods.has(method)) {
      const allow = match.kind === 'found' ? (match.route.methods ?? proxiedMethods) : match.allow;
      if (method === 'OPTIONS') return { options: [...allow, 'OPTIONS'].join(', ') };
      throw new Refusal('ROUTE_METHOD_NOT_ALLOWED', { headers: { allow: [...allow].join(', ') } });
    }

    context.matchedRoute = match.route;
    const contentLength = context.headers['content-length'];
    if (contentLength !== undefined && Number(contentLength) > match.route.maxBodyBytes) {
      throw new Refusal('REQUEST_BODY_TOO_LARGE');
    }
    return {};
  }
}

const hostName = (host: string): string => host.toLowerCase().replace(/:\d+$/, '');
