import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

import type { ExpectedVersion } from '@libs/persistence';

import { versionsOf } from './entity-tag.js';
import { readPrecondition } from './precondition.js';

interface Preconditions {
  readonly 'if-match'?: string;
  readonly 'if-none-match'?: string;
}

/**
 * The versions that `If-Match` expects, by the strong comparison (RFC 9110 §13.1.1), and none where `If-None-Match: *` asks
 * for what is not there (§13.1.2); undefined without either. Other tags in `If-None-Match` are for reads.
 */
function versionExpected(headers: Preconditions): ExpectedVersion | undefined {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  const isToBeNew = ifNoneMatch !== undefined && readPrecondition('If-None-Match', ifNoneMatch) === '*';
  if (ifMatch === undefined) return isToBeNew ? 'none' : undefined;
  const seen = versionsOf(readPrecondition('If-Match', ifMatch));
  // Whatever is there or not, one of the two does not hold.
  return isToBeNew ? [] : seen;
}

/** Whoever reads the header says so in the API description. */
const described: ParameterDecorator = (controller, handler) => {
  if (handler === undefined) return;
  const descriptor = Object.getOwnPropertyDescriptor(controller, handler) ?? {};
  ApiHeader({ name: 'If-Match', required: false })(controller, handler, descriptor);
};

/** A parameter of a handler: `@IfMatch() expectedVersion: ExpectedVersion | undefined`. */
export const IfMatch = createParamDecorator(
  (_: unknown, execution: ExecutionContext): ExpectedVersion | undefined =>
    versionExpected(execution.switchToHttp().getRequest<{ headers: Preconditions }>().headers),
  [described],
);
