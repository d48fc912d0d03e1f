import { createParamDecorator } from '@nestjs/common';

import { currentContext } from './request-context.js';

/** The caller, as a handler's parameter. A gRPC handler, whose parameters the contract fixes, asks `currentContext()`. */
export const CurrentIdentity = createParamDecorator(() => currentContext().identity);
