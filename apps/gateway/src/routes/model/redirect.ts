import { Refusal } from '@libs/errors';

import type { RedirectConfig } from '../../configuration/schema/direct-answer.schema.js';
import type { RoutableRequest } from './routable-request.js';
import { parsePathPattern, type PathPattern } from '../../http/path-pattern.js';
import { compileRewrite, rewritePath, type Rewrite } from '../../http/rewrite-path.js';
import { plainHost } from '../../http/host-name.js';

const askedHost = '{host}';
const hostName = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;

export interface Redirect {
  readonly status: number;
  /** Scheme and authority, or empty; `{host}` stands for the host that was asked for. */
  readonly origin: string;
  readonly path: Rewrite;
  readonly keepsQuery: boolean;
}

/** Scheme and authority, and the path, of where a redirect leads. */
export function splitLocation(to: string): { readonly origin: string; readonly path: string } {
  const [, origin = '', path = '/'] = /^(https?:\/\/[^/]+)?(\/.*)$/.exec(to) ?? [];
  return { origin, path };
}

export function compileRedirect({ to, status, query }: RedirectConfig, from: PathPattern): Redirect {
  const { origin, path } = splitLocation(to);
  return { status, origin, path: compileRewrite(from, parsePathPattern(path)), keepsQuery: query === 'keep' };
}

export function locationFor(redirect: Redirect, request: RoutableRequest): string {
  const path = rewritePath(request.path, redirect.path);
  return originFor(redirect, request) + path + (redirect.keepsQuery ? request.query : '');
}

function originFor({ origin }: Redirect, request: RoutableRequest): string {
  if (!origin.includes(askedHost)) return origin;
  const host = plainHost(request.host);
  if (!hostName.test(host)) throw new Refusal('REQUEST_HEADER_INVALID', { internal: `redirect to the host ${host}` });
  return origin.replace(askedHost, host);
}
