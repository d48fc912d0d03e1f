import type { ExecutionContext } from '@nestjs/common';

import type { VerifiedToken } from './verified-token.js';

/** Tells who a bearer token is about. */
export abstract class TokenVerifier {
  /** `execution` is that of the request which carries the token in its Authorization header. Refuses bad ones. */
  abstract verify(token: string, execution: ExecutionContext): Promise<VerifiedToken>;
}
