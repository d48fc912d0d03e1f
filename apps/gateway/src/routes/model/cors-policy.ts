import type { IncomingHttpHeaders } from 'node:http';

import type { CorsConfig } from '../../configuration/schema/cors.schema.js';
import { proxiedMethods, type ProxiedMethod } from '../../http/methods.js';
import { AllowedOrigins } from './allowed-origins.js';

/**
 * Which pages of other origins may read the answers of a route (Fetch, §3.3 "CORS protocol"). It is no access
 * control: a request from an origin that is not allowed is served, but its page does not get to see the answer.
 */
export class CorsPolicy {
  private readonly origins: AllowedOrigins;
  private readonly allowMethods: string;
  private readonly allowHeaders: string;
  private readonly exposeHeaders: string;
  private readonly maxAgeSeconds: string;
  private readonly credentials: boolean;

  constructor(config: CorsConfig, routeMethods: readonly ProxiedMethod[] | undefined) {
    this.origins = new AllowedOrigins(config.origins);
    this.allowMethods = (config.methods ?? withHead(routeMethods ?? proxiedMethods)).join(', ');
    this.allowHeaders = config.headers.join(', ');
    this.exposeHeaders = config.expose.join(', ');
    this.maxAgeSeconds = String(Math.floor(config.maxAge / 1_000));
    this.credentials = config.credentials;
  }

  /** For every answer of the route, whoever gives it and whatever it says. */
  dress(answer: Record<string, string>, { origin }: IncomingHttpHeaders): void {
    if (!this.origins.isEverybody) answer['vary'] = 'Origin';
    if (!this.allow(answer, origin)) return;
    if (this.exposeHeaders !== '') answer['access-control-expose-headers'] = this.exposeHeaders;
  }

  /** For the answer to a preflight. */
  dressPreflight(answer: Record<string, string>, { origin }: IncomingHttpHeaders): void {
    answer['vary'] = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';
    if (!this.allow(answer, origin)) return;
    answer['access-control-allow-methods'] = this.allowMethods;
    if (this.allowHeaders !== '') answer['access-control-allow-headers'] = this.allowHeaders;
    answer['access-control-max-age'] = this.maxAgeSeconds;
  }

  private allow(answer: Record<string, string>, origin: string | undefined): boolean {
    if (origin === undefined || !this.origins.has(origin)) return false;
    answer['access-control-allow-origin'] = this.origins.isEverybody ? '*' : origin;
    if (this.credentials) answer['access-control-allow-credentials'] = 'true';
    return true;
  }
}

const withHead = (methods: readonly ProxiedMethod[]): readonly ProxiedMethod[] =>
  methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
