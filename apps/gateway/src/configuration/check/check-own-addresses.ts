import type { z } from 'zod';

interface Socket {
  readonly host: string;
  readonly port: number;
}

interface Addresses {
  readonly listen: Socket;
  readonly management: Socket;
  readonly services: Readonly<Record<string, { readonly instances: readonly { readonly url: string }[] }>>;
}

const isEverywhere = (host: string): boolean => /^(?:0\.0\.0\.0|::|\[::\])$/.test(host);
const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|::1|::ffff:127(?:\.\d+){3})$/i.test(host);
const isHere = (host: string): boolean => isLoopback(host) || isEverywhere(host);

/** A gateway that forwards to itself does so until nothing is left of it. */
export function checkOwnAddresses({ listen, management, services }: Addresses, check: z.RefinementCtx): void {
  for (const [name, { instances }] of Object.entries(services)) {
    instances.forEach(({ url }, index) => {
      const own = isAt(url, listen) ? 'listen' : isAt(url, management) ? 'management' : undefined;
      if (own === undefined) return;
      const path = ['services', name, 'instances', index, 'url'];
      check.addIssue({ code: 'custom', path, message: `is the gateway itself: its \`${own}\` address` });
    });
  }
}

/** Names of other hosts that lead here are not known. */
function isAt(url: string, { host, port }: Socket): boolean {
  const target = URL.parse(url);
  if (target === null || port === 0) return false;
  if (Number(target.port || (target.protocol === 'https:' ? 443 : 80)) !== port) return false;
  const name = target.hostname.replace(/^\[|\]$/g, '');
  return name === host || (isHere(name) && isHere(host));
}
