import type { z } from 'zod';

import { misfitForAddresses, unaffordable } from './check-limits.js';
import { checkRoutes } from './check-routes.js';
import type { RateLimitConfig } from './rate-limit.schema.js';
import type { RouteConfig } from './route.schema.js';
import { wholeParts } from './whole-parts.js';

export interface Named {
  readonly services: Readonly<Record<string, unknown>>;
  readonly rateLimits: Readonly<Record<string, RateLimitConfig>>;
  readonly addresses: { readonly rateLimits: readonly string[] };
  readonly routes: readonly RouteConfig[];
}

export type Report = (path: (string | number)[], message: string) => void;

/** Finds names that lead nowhere or mean two things: what no schema of a single part can see. */
export function checkReferences(configuration: Named, check: z.RefinementCtx): void {
  const parts = wholeParts(configuration, check.issues);
  if (parts === undefined) return;
  const report: Report = (path, message) => check.addIssue({ code: 'custom', path, message });
  const reportOfRoute: Report = ([section = '', index = 0, ...rest], message) =>
    report([section, parts.indexes[Number(index)] ?? index, ...rest], message);

  checkAddressLimits(parts, report);
  parts.routes.forEach((route, index) => checkNames(parts, route, index, reportOfRoute));
  checkRoutes(parts.routes, reportOfRoute);
}

function checkAddressLimits({ addresses, rateLimits }: Named, report: Report): void {
  addresses.rateLimits.forEach((name, index) => {
    // Its limit is wrong in itself, and that is said already.
    if (name === '') return;
    const limit = rateLimits[name];
    const path = ['addresses', 'rateLimits', index];
    const misfit = limit === undefined ? `there is no rate limit called ${name}` : misfitForAddresses(name, limit);
    if (misfit !== undefined) report(path, misfit);
  });
}

function checkNames({ services, rateLimits }: Named, route: RouteConfig, index: number, report: Report): void {
  if (route.service !== undefined && !Object.hasOwn(services, route.service)) {
    report(['routes', index, 'service'], `there is no service called ${route.service}`);
  }
  route.rateLimits.forEach((name, at) => {
    const limit = Object.hasOwn(rateLimits, name) ? rateLimits[name] : undefined;
    const mistake =
      limit === undefined ? `there is no rate limit called ${name}` : unaffordable(name, limit, route.cost);
    if (mistake !== undefined) report(['routes', index, 'rateLimits', at], mistake);
  });
}
