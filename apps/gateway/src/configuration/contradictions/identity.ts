import { whyNotSettable } from '../../http/settable-header.js';
import type { AuthenticationMethod, RouteConfig } from '../schema/route.schema.js';
import type { RateLimitKey } from '../schema/rate-limit.schema.js';
import type { Reviewed } from './reviewed.js';

/** Of users, and so counted only where there are some. */
const ofUsers: ReadonlySet<RateLimitKey> = new Set(['user', 'tenant', 'apiKey']);

/** Headers with a meaning of their own, which a key in them would take away. */
const taken = /^(?:authorization|cookie|content-.*|accept|accept-.*|origin|referer|user-agent|range|if-.*|sec-.*)$/i;

/** Who is asked for who they are where nobody can say it, and what counts users where there are none. */
export function reviewIdentity(review: Reviewed): void {
  const { configuration, isWritten, mistake, warning } = review;
  const { authentication, accounts, routes } = configuration;
  const { issuers } = authentication.jwt;
  const possible: Readonly<Record<AuthenticationMethod, boolean>> = {
    jwt: issuers.length > 0,
    'api-key': authentication.apiKeys.resolver !== 'none',
  };
  const nobody = !possible.jwt && !possible['api-key'];

  routes.forEach((route, index) => {
    reviewMethods(route, index, possible, review);
    reviewUserLimits(route, index, possible, review);
  });
  if (authentication.sessions.resolver === 'grpc') {
    const at = ['authentication', 'sessions', 'resolver'];
    if (!possible.jwt) warning(at, 'asks about sessions, and there is no issuer of tokens');
    if (issuers.length > 1)
      warning(at, 'asks auth-service about the tokens of every issuer, and it knows only its own');
  }
  if (accounts.resolver === 'grpc' && nobody) {
    warning(['accounts', 'resolver'], 'asks about users, and neither tokens nor API keys are taken');
  }

  const { header } = authentication.apiKeys;
  const at = ['authentication', 'apiKeys', 'header'];
  const reason = whyNotSettable(header) ?? (taken.test(header) ? 'has a meaning of its own' : undefined);
  if (reason !== undefined) mistake(at, `${header} ${reason}`);
  else if (!possible['api-key'] && isWritten(at))
    warning(at, 'carries API keys, and nobody knows any: `resolver` is none');

  issuers.forEach(({ audience, jwksUrl, publicKeyFile, tls }, index) => {
    const issuer = ['authentication', 'jwt', 'issuers', index];
    if (audience === 'any') warning([...issuer, 'audience'], 'takes tokens that were made for others');
    const hasFiles = tls?.caFile !== undefined || tls?.certFile !== undefined;
    if (!hasFiles) return;
    if (publicKeyFile !== undefined) warning([...issuer, 'tls'], 'is for a jwksUrl, and the key is in a file');
    else if (jwksUrl?.startsWith('http:') === true) warning([...issuer, 'tls'], 'does nothing for a jwksUrl at http');
  });
}

function reviewMethods(
  { access }: RouteConfig,
  index: number,
  possible: Readonly<Record<AuthenticationMethod, boolean>>,
  { isWritten, mistake, warning }: Reviewed,
): void {
  const at = ['routes', index, 'access', 'methods'];
  if (access.authenticated && access.methods.every((method) => !possible[method])) {
    const missing = access.methods.map((method) => (method === 'jwt' ? 'no issuer' : 'no resolver of API keys'));
    return mistake(
      isWritten(at) ? at : ['routes', index, 'access'],
      `lets nobody in: there is ${missing.join(' and ')}`,
    );
  }
  if (!isWritten(at)) return;
  for (const method of access.methods) if (!possible[method]) warning(at, `names ${method}, and nobody can come so`);
}

function reviewUserLimits(
  { access, rateLimits }: RouteConfig,
  index: number,
  possible: Readonly<Record<AuthenticationMethod, boolean>>,
  { configuration, mistake, warning }: Reviewed,
): void {
  const known = access.methods.filter((method) => possible[method]);
  rateLimits.forEach((name, place) => {
    const key = configuration.rateLimits[name]?.key ?? [];
    const at = ['routes', index, 'rateLimits', place];
    if (key.includes('apiKey') && !known.includes('api-key')) {
      mistake(at, `${name} counts by API key, and nobody comes here with one`);
    } else if (!access.authenticated && key.some((part) => ofUsers.has(part))) {
      const say = known.length === 0 ? mistake : warning;
      say(at, `${name} counts by ${key.join(' and ')}, and this route asks nobody who they are`);
    }
  });
}
