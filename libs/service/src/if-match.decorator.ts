import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

import type { ExpectedVersion } from '@libs/persistence';

import { versionsOf } from './entity-tag.js';
import { readPrecondition } from './precondition.js';

/** The versions that `If-Match` expects, by the strong comparison (RFC 9110 §13.1.1); undefined without one. */
function versionExpected(header: string | undefined): ExpectedVersion | undefined {
  return header === undefined ? undefined : versionsOf(readPrecondition('If-Match', header));
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
    versionExpected(execution.switchToHttp().getRequest<{ headers: { 'if-match'?: string } }>().headers['if-match']),
  [described],
);
