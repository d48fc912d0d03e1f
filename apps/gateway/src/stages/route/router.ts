import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { Via } from '../../seals/via.js';
import { answerOptions } from '../../request/answer-options.js';
import type { GatewayContext } from '../../request/gateway-context.js';
import type { Passage, Stage, Verdict } from '../../request/stage.js';
import { hasEncodedSlash } from '../../http/encoded-slash.js';
import { isForbiddenPath, isOwnActuator } from '../../http/forbidden-path.js';
import { hidesAnother } from '../../routes/hides-another.js';
import { findPreflight } from '../../routes/preflight.js';
import { methodsOf } from '../../routes/table/route-table.js';
import type { RouteModel } from '../../routes/model/route.model.js';

/** Finds the route, which decides about everything that follows. */
@Injectable()
export class Router implements Stage {
  constructor(private readonly via: Via) {}

  pass({ context, response }: Passage): Verdict {
    const { options } = this.route(context);
    if (options === undefined) return 'next';
    answerOptions(response, context, options);
    return 'answered';
  }

  /** `options`: nothing was matched, but this is what may be asked here (RFC 9110 §9.3.7). */
  route(context: GatewayContext): { readonly options?: string } {
    const { routes } = context.snapshot;
    if (isForbiddenPath(context.path) && !isOwnActuator(context.path)) throw new Refusal('ROUTE_NOT_FOUND');

    const route = findPreflight(routes, context) ?? routes.find(context);
    if (routes.keepsEncodedSlashes) checkEncodedSlash(context.path, route);
    if (hidesAnother(routes, context, route))
      throw new Refusal('REQUEST_PATH_INVALID', { internal: 'may be read as another path' });
    if (route === undefined) return this.answerWithMethods(context);

    context.matchedRoute = route;
    // Before anybody is asked for credentials: those of the first time have not come along.
    const { via } = context.headers;
    if (via !== undefined && route.target.kind === 'service' && this.via.names(via)) {
      throw new Refusal('ROUTE_LOOP', { internal: `the request came with Via: ${via}` });
    }
    if (route.target.kind === 'preflight') route.target.cors.dressPreflight(context.answerHeaders, context.headers);
    else route.cors?.dress(context.answerHeaders, context.headers);
    const contentLength = context.headers['content-length'];
    if (contentLength !== undefined && Number(contentLength) > route.maxBodyBytes) {
      throw new Refusal('REQUEST_BODY_TOO_LARGE');
    }
    return {};
  }

  private answerWithMethods(context: GatewayContext): { readonly options: string } {
    const others = context.snapshot.routes.findWithAnyMethod(context);
    if (others.length === 0) throw new Refusal('ROUTE_NOT_FOUND');
    const policy = others.find(({ cors }) => cors !== undefined)?.cors;
    policy?.dress(context.answerHeaders, context.headers);
    const allow = methodsOf(others);
    if (context.method === 'OPTIONS') return { options: [...allow, 'OPTIONS'].join(', ') };
    throw new Refusal('ROUTE_METHOD_NOT_ALLOWED', { headers: { allow: allow.join(', ') } });
  }
}

/** The edge let it pass because some route wants it; here it shows whether it is this one. */
function checkEncodedSlash(path: string, route: RouteModel | undefined): void {
  if (route?.keepsEncodedSlashes === true || !hasEncodedSlash(path)) return;
  throw new Refusal('REQUEST_PATH_INVALID', { internal: 'the route takes no encoded slashes' });
}
