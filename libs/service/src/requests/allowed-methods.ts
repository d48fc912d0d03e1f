import type { FastifyInstance } from 'fastify';

import { Refusal } from '@libs/errors';

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Refuses a method that a known path does not have, and names those it has (RFC 9110 §15.5.6). */
export function refuseWrongMethods(fastify: FastifyInstance): void {
  const paths = new Map<string, KnownPath>();

  fastify.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) known.methods.add(name);
    paths.set(url, known);
  });

  fastify.addHook('onRequest', (request, _reply, done) => {
    const allowed = request.is404 ? allowedAt(request.url.split('?', 1)[0] ?? '', paths.values()) : [];
    done(
      allowed.length === 0
        ? undefined
        : new Refusal('ROUTE_METHOD_NOT_ALLOWED', { headers: { allow: allowed.join(', ') } }),
    );
  });
}

/** Several routes may match one path, such as `GET /notes/:id` and `POST /notes/search`. */
const allowedAt = (path: string, known: Iterable<KnownPath>): string[] =>
  [...new Set([...known].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : [])))].sort();

/** The parts of Fastify's patterns: a plain colon, a parameter that may say what it looks like, and the rest of a path. */
const part = /::|:\w+(?:\(\^?([^)]*)\))?|\*|[^\w/-]/g;

function patternOf(url: string): RegExp {
  const source = url.replaceAll(part, (text, parameter: string | undefined) => {
    if (text === '::') return ':';
    if (text.startsWith(':')) return `(?:${parameter ?? '[^/]+'})`;
    return text === '*' ? '.*' : `\\${text}`;
  });
  return new RegExp(`^${source}$`);
}
