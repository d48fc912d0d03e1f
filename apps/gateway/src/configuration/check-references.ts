import type { z } from 'zod';

import { checkRoutes } from './check-routes.js';
import type { RateLimitConfig } from './rate-limit.schema.js';
import type { RouteConfig } from './route.schema.js';

export interface Named {
  readonly services: Readonly<Record<string, unknown>>;
  readonly rateLimits: Readonly<Record<string, RateLimitConfig>>;
  readonly addresses: { readonly rateLimits: readonly string[] };
  readonly routes: readonly RouteConfig[];
}

export type Report = (path: (string | number)[], message: string) => void;

/** Finds names that lead nowhere or mean two things: what no schema of a single part can see. */
export function checkReferences(configuration: Named, check: z.RefinementCtx): void {
  const report: Report = (path, message) => check.addIssue({ code: 'custom', path, message });
  checkAddressLimits(configuration, report);
  configuration.routes.forEach((route, index) => checkNames(configuration, route, index, report));
  checkRoutes(configuration.routes, report);
}

function checkAddressLimits({ addresses, rateLimits }: Named, report: Report): void {
  addresses.rateLimits.forEach((name, index) => {
    const limit = rateLimits[name];
    const path = ['addresses', 'rateLimits', index];
    if (limit === undefined) report(path, `there is no rate limit called ${name}`);
    else if (limit.key !== 'address') report(path, `${name} counts by ${limit.key}; only limits by address fit here`);
  });
}

function checkNames({ services, rateLimits }: Named, route: RouteConfig, index: number, report: Report): void {
  if (!Object.hasOwn(services, route.service)) {
    report(['routes', index, 'service'], `there is no service called ${route.service}`);
  }
  route.rateLimits.forEach((name, at) => {
    if (!Object.hasOwn(rateLimits, name)) {
      report(['routes', index, 'rateLimits', at], `there is no rate limit called ${name}`);
    }
  });
}
