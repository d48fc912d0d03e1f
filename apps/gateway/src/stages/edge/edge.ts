import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { hostOf, isHost } from '../../http/authority.js';
import { isHttp2 } from '../../http/is-http2.js';
import { proxiedMethods } from '../../http/methods.js';
import { normalisePath } from '../../http/normalise-path.js';
import { parseRequestTarget } from '../../http/request-target.js';
import { answerOptions } from '../../request/answer-options.js';
import type { Passage, Stage, Verdict } from '../../request/stage.js';
import { checkHeaders, invalidHeader } from './check-headers.js';

/** What OPTIONS asks about when it is about no path. */
const serverWide = '*';

/** Fills in the path, and lets nothing ambiguous past. */
@Injectable()
export class Edge implements Stage {
  pass({ context, request, response }: Passage): Verdict {
    const { limits, authentication, clientHeaders } = context.snapshot.configuration;
    const target = request.url ?? '';
    if (request.httpVersionMajor !== 1 && !isHttp2(request)) throw new Refusal('REQUEST_MALFORMED');
    if (target.length > limits.uriBytes) throw new Refusal('REQUEST_URI_TOO_LONG');
    checkHeaders(request, limits, authentication.apiKeys.header.toLowerCase());
    // The host of the request itself was checked with the rest.
    if (clientHeaders.forwardedHost === 'believe' && request.headers['x-forwarded-host'] !== undefined) {
      if (context.host !== hostOf(request.headers) && !isHost(context.host)) throw invalidHeader('x-forwarded-host');
    }
    // The gateway as a whole (RFC 9110 §9.3.7).
    if (target === serverWide && context.method === 'OPTIONS') {
      context.path = serverWide;
      answerOptions(response, context, proxiedMethods.join(', '));
      return 'answered';
    }
    const { path, query, authority } = parseRequestTarget(target);
    if (authority !== undefined && authority.toLowerCase() !== hostOf(request.headers).toLowerCase()) {
      throw invalidHeader('host');
    }
    context.path = normalisePath(path, context.snapshot.routes);
    context.query = query;
    return 'next';
  }
}
