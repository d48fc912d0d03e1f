import type { GatewayContext } from '../../request/gateway-context.js';
import { isProbe } from '../../request/is-probe.js';

/** Ends the span of a request that is recorded. Its path and query stay out of it: they may hold what is secret. */
export function endRequestSpan(context: GatewayContext, status: number): void {
  const { span } = context.facts.trace;
  const route = context.matchedRoute;
  if (span === undefined || (route !== undefined && isProbe(route))) return;
  span.describe(route === undefined ? context.method : `${context.method} ${route.pattern.text}`, {
    'http.request.method': context.method,
    'http.response.status_code': status,
    ...(route === undefined ? {} : { 'http.route': route.pattern.text, 'gatehouse.route': route.id }),
    'gatehouse.request_id': context.requestId,
    'client.address': context.clientAddress,
    ...(context.flag === '' ? {} : { 'gatehouse.flag': context.flag }),
  });
  if (status >= 500) span.fail(context.flag === '' ? String(status) : context.flag);
  span.end();
}
