import type { Reviewed } from './reviewed.js';

/** Networks that name each other's opposite, and proxies that nobody trusts or that are everybody. */
export function reviewAddresses({ configuration, mistake, warning }: Reviewed): void {
  const { addresses, trustedProxies, clientHeaders } = configuration;
  addresses.deny.forEach((network, index) => {
    if (addresses.allow?.includes(network) === true) mistake(['addresses', 'deny', index], 'is allowed, too');
  });
  trustedProxies.forEach((network, index) => {
    if (network.endsWith('/0')) warning(['trustedProxies', index], 'lets every client say from where it calls');
  });
  if (clientHeaders.forwardedHost === 'believe' && trustedProxies.length === 0) {
    mistake(['clientHeaders', 'forwardedHost'], 'is believed from trusted proxies only, and there are none');
  }
}
