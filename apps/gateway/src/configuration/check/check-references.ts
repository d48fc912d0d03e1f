import type { z } from 'zod';

import { misfitForAddresses, unaffordable } from './check-limits.js';
import { checkRoutes } from './check-routes.js';
import type { RateLimitConfig } from '../schema/rate-limit.schema.js';
import type { RouteConfig } from '../schema/route.schema.js';
import { type RouteReferences, type WholeParts, wholeParts } from './whole-parts.js';

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
  checkAddressLimits(parts, report);
  parts.references.forEach((references, index) => checkNames(parts, references, index, report));
  checkRoutes(parts.routes, report);
}

function checkAddressLimits({ addresses, rateLimits, brokenLimits }: WholeParts, report: Report): void {
  addresses.rateLimits.forEach((name, index) => {
    if (brokenLimits.has(name)) return;
    const limit = rateLimits[name];
    const path = ['addresses', 'rateLimits', index];
    const misfit = limit === undefined ? `there is no rate limit called ${name}` : misfitForAddresses(name, limit);
    if (misfit !== undefined) report(path, misfit);
  });
}

function checkNames(parts: WholeParts, route: RouteReferences, index: number, report: Report): void {
  const { services, rateLimits, brokenLimits } = parts;
  if (route.service !== undefined && !Object.hasOwn(services, route.service)) {
    report(['routes', index, 'service'], `there is no service called ${route.service}`);
  }
  route.rateLimits.forEach((name, at) => {
    if (brokenLimits.has(name)) return;
    const limit = Object.hasOwn(rateLimits, name) ? rateLimits[name] : undefined;
    const mistake =
      limit === undefined ? `there is no rate limit called ${name}` : unaffordable(name, limit, route.cost);
    if (mistake !== undefined) report(['routes', index, 'rateLimits', at], mistake);
  });
}
