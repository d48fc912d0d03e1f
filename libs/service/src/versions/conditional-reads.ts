import type { FastifyInstance, FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';

import { matches, readEntityTags } from './entity-tag.js';
import { type PreconditionName, readPrecondition } from './precondition.js';
import { problemBody } from '../problems/problem-reply.js';

/**
 * Answers reads with the preconditions of RFC 9110 §13.2.2, in that order, wherever an answer carries an ETag: 412 if
 * `If-Match` does not hold, 304 without a body if `If-None-Match` says that the client has it. They count once all else is
 * checked (§13.2.1): nobody learns from them of what they may not read.
 */
export function answerConditionally(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const etag = reply.getHeader('etag');
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    if (typeof etag !== 'string' || (ifMatch === undefined && ifNoneMatch === undefined)) return done(null, payload);
    if (!isRead(request) || reply.statusCode !== 200) return done(null, payload);
    try {
      if (ifMatch !== undefined && !holds('If-Match', ifMatch, etag)) throw new Refusal('RESOURCE_CHANGED');
      if (ifNoneMatch === undefined || holds('If-None-Match', ifNoneMatch, etag)) return done(null, payload);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply.removeHeader('etag');
      return done(null, problemBody(request, reply, error));
    }
    // RFC 9110 §15.4.5: ETag and what says how long it may be kept stay.
    for (const name of ['content-type', 'content-length']) reply.removeHeader(name);
    reply.code(304);
    // To HEAD Fastify says how long the body would be, and leaves it out itself.
    return done(null, request.method === 'HEAD' ? payload : null);
  });
}

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

/** Whether the precondition is true for what is there, whose tag is `etag`. */
function holds(name: PreconditionName, header: string | string[], etag: string): boolean {
  const tags = readPrecondition(name, String(header));
  const read = readEntityTags(etag);
  const current = read === undefined || read === '*' ? undefined : read[0];
  if (current === undefined) return false;
  return name === 'If-Match' ? matches(tags, current, 'strong') : !matches(tags, current, 'weak');
}
