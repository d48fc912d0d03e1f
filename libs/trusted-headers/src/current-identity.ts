import { createParamDecorator } from '@nestjs/common';

import { currentContext } from './request-context.js';

/** The caller, as a handler's parameter. In a gRPC handler the request then needs Nest's `@Payload()`. */
export const CurrentIdentity = createParamDecorator(() => currentContext().identity);
