import { Refusal } from '@libs/errors';

import type { GatewayContext } from '../../request/gateway-context.js';
import { isForbiddenPath } from '../../http/forbidden-path.js';
import { rewritePath } from '../../http/rewrite-path.js';
import type { ServiceTarget } from '../../routes/model/route.model.js';

/** A rewrite must not lead where no route may lead. */
export function upstreamPath({ path }: GatewayContext, { rewrite }: ServiceTarget): string {
  if (rewrite === undefined) return path;
  const rewritten = rewritePath(path, rewrite);
  if (isForbiddenPath(rewritten)) throw new Refusal('ROUTE_NOT_FOUND', { internal: `rewritten to ${rewritten}` });
  return rewritten;
}
