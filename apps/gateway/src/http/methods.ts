/** What the gateway takes and passes on. Others are refused with 405. */
export const proxiedMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type ProxiedMethod = (typeof proxiedMethods)[number];

const known: ReadonlySet<string> = new Set(proxiedMethods);

export const isProxiedMethod = (method: string): method is ProxiedMethod => known.has(method);
