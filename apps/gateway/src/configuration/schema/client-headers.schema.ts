import { z } from 'zod';

import { listOf } from './quantities.js';

/**
 * Second names for facts that the gateway states itself: a service that goes by one of them would believe the client.
 * `X-Forwarded-*` and the identity are not among them, because no configuration lets them pass.
 */
export const secondNames: readonly string[] = [
  // Who called.
  'X-Real-IP',
  'X-Client-IP',
  'X-Cluster-Client-IP',
  'X-Remote-IP',
  'X-Remote-Addr',
  'X-Originating-IP',
  'X-Original-Forwarded-For',
  'True-Client-IP',
  'Client-IP',
  'Remote-Addr',
  'Forwarded-For',
  'CF-Connecting-IP',
  'CF-Connecting-IPv6',
  'CF-Pseudo-IPv4',
  'Fastly-Client-IP',
  'Fly-Client-IP',
  'X-Azure-ClientIP',
  'X-Azure-SocketIP',
  'X-AppEngine-User-IP',
  'X-Envoy-External-Address',
  'Proxy-Client-IP',
  'WL-Proxy-Client-IP',
  'X-ProxyUser-IP',
  // As whom.
  'Remote-User',
  'X-Remote-User',
  'X-Authenticated-User',
  'X-WebAuth-User',
  'X-Client-Cert*',
  'X-SSL-*',
  'SSL-Client-*',
  // What was asked for.
  'X-Original-URL',
  'X-Original-URI',
  'X-Original-Path',
  'X-Original-Method',
  'X-Original-Host',
  'X-Envoy-Original-Path',
  'X-Rewrite-URL',
  'X-Override-URL',
  'X-HTTP-Method-Override',
  'X-HTTP-Method',
  'X-Method-Override',
  'X-Script-Name',
  // Of which host, and how.
  'X-Host',
  'X-HTTP-Host-Override',
  'Forwarded-Host',
  'Forwarded-Proto',
  'X-Forwarded',
  'X-Scheme',
  'X-Url-Scheme',
  'Front-End-Https',
  // CGI makes HTTP_PROXY of it, which clients of HTTP take for the proxy to use.
  'Proxy',
];

const name = z.string().regex(/^[!#$%&'+.^_`|~0-9A-Za-z-]+\*?$/, 'the name of a header, or its beginning and a star');

export const clientHeaders = z
  .strictObject({
    strip: listOf(name)
      .default([...secondNames])
      .describe(
        'Second names for what the gateway itself says of a request. They never reach a service, in any spelling; `X-SSL-*` stands for all that begin so.',
      ),
    forwardedHost: z
      .enum(['ignore', 'believe'])
      .default('ignore')
      .describe(
        'Whether X-Forwarded-Host of a trusted proxy says which host was asked for, and so chooses the route. `ignore`: Host does.',
      ),
  })
  .prefault({})
  .describe('What a client or a proxy may say of a request beside the request itself.');
