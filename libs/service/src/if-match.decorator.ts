import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { Refusal } from '@libs/errors';

const entityTag = /^(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/**
 * The version that `If-Match` expects; undefined without one and for `*`. A tag that is none of ours belongs to no
 * version, so it fails as a changed one does. A weak tag is read as its strong one: proxies that compress weaken
 * tags, and ours name versions, not bytes.
 */
export function versionExpected(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const tag = entityTag.exec(header.trim())?.[1];
  if (tag === undefined) {
    const message = 'Send one entity tag as it came in ETag, for instance "3", or *.';
    throw new Refusal('REQUEST_HEADER_INVALID', { errors: [{ field: 'If-Match', code: 'INVALID_FORMAT', message }] });
  }
  if (!/^(?:0|[1-9]\d{0,14})$/.test(tag)) throw new Refusal('RESOURCE_CHANGED');
  return Number(tag);
}

/** A parameter of a handler: `@IfMatch() expectedVersion: number | undefined`. */
export const IfMatch = createParamDecorator((_: unknown, execution: ExecutionContext): number | undefined =>
  versionExpected(execution.switchToHttp().getRequest<{ headers: { 'if-match'?: string } }>().headers['if-match']),
);
