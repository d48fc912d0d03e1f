import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

import { Refusal } from '@libs/errors';

import { readEntityTag, versionOf } from './entity-tag.js';

/**
 * The version that `If-Match` expects; undefined without one and for `*`. A weak tag is read as its strong one:
 * proxies that compress weaken tags, and ours name versions, not bytes.
 */
function versionExpected(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const tag = readEntityTag(header.trim().replace(/^W\//, ''));
  if (tag === undefined) {
    const message = 'Send one entity tag as it came in ETag, for instance "3", or *.';
    throw new Refusal('REQUEST_HEADER_INVALID', { errors: [{ field: 'If-Match', code: 'INVALID_FORMAT', message }] });
  }
  return versionOf(tag);
}

/** Whoever reads the header says so in the API description. */
const described: ParameterDecorator = (controller, handler) => {
  if (handler === undefined) return;
  const descriptor = Object.getOwnPropertyDescriptor(controller, handler) ?? {};
  ApiHeader({ name: 'If-Match', required: false })(controller, handler, descriptor);
};

/** A parameter of a handler: `@IfMatch() expectedVersion: number | undefined`. */
export const IfMatch = createParamDecorator(
  (_: unknown, execution: ExecutionContext): number | undefined =>
    versionExpected(execution.switchToHttp().getRequest<{ headers: { 'if-match'?: string } }>().headers['if-match']),
  [described],
);
