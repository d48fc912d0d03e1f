import type { Resolver } from 'node:dns/promises';

import { NameServers, type NameServersOptions } from '@libs/names';

import type { DnsDiscoveryConfig } from '../configuration/schema/discovery.schema.js';
import { type DiscoveryListener, type FoundInstance, InstanceDiscovery } from './instance-discovery.js';

const shortestWaitMs = 1_000;
const longestWaitAfterFailureMs = 5_000;

interface Answer {
  readonly instances: readonly FoundInstance[];
  /** How long the answer may be kept, where the DNS tells. */
  readonly ttlMs: number;
}

/** Instances by name. What the name servers say is kept for as long as they allow, but not longer than `refresh`. */
export class DnsDiscovery extends InstanceDiscovery<DnsDiscoveryConfig> {
  constructor(private readonly options: Pick<NameServersOptions, 'resolverFile'> = {}) {
    super();
  }

  watch(config: DnsDiscoveryConfig, listener: DiscoveryListener): () => void {
    const nameServers = new NameServers({ servers: config.servers, ...this.options });
    let isEnded = false;
    let timer: NodeJS.Timeout | undefined;

    const look = async (): Promise<void> => {
      let waitMs: number;
      try {
        const { instances, ttlMs } = await nameServers.search(config.name, (resolver, fullName) =>
          ask(resolver, fullName, config),
        );
        if (isEnded) return;
        waitMs = Math.max(shortestWaitMs, Math.min(ttlMs, config.refresh));
        listener.found(instances);
      } catch (error) {
        if (isEnded) return;
        waitMs = Math.min(config.refresh, longestWaitAfterFailureMs);
        listener.failed(error);
      }
      timer = setTimeout(() => void look(), waitMs).unref();
    };
    void look();
    return () => {
      isEnded = true;
      clearTimeout(timer);
    };
  }
}

const ask = (resolver: Resolver, name: string, config: DnsDiscoveryConfig): Promise<Answer> =>
  config.type === 'SRV' ? askForServices(resolver, name, config) : askForAddresses(resolver, name, config);

async function askForAddresses(
  resolver: Resolver,
  name: string,
  { type, port, scheme }: DnsDiscoveryConfig,
): Promise<Answer> {
  const records =
    type === 'A' ? await resolver.resolve4(name, { ttl: true }) : await resolver.resolve6(name, { ttl: true });
  return {
    instances: records.map(({ address }) => ({ url: originOf(scheme, address, port), weight: 1, backup: false })),
    ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1_000,
  };
}

/** RFC 2782: those of the lowest priority number go first, the others stand by. */
async function askForServices(resolver: Resolver, name: string, { scheme }: DnsDiscoveryConfig): Promise<Answer> {
  const records = await resolver.resolveSrv(name);
  const first = Math.min(...records.map(({ priority }) => priority));
  const instances = records.map(({ name: host, port, weight, priority }) => ({
    url: originOf(scheme, host.replace(/\.$/, ''), port),
    weight: Math.min(Math.max(weight, 1), 1000),
    backup: priority > first,
  }));
  return { instances, ttlMs: Infinity };
}

const originOf = (scheme: string, host: string, port: number | undefined): string =>
  new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port ?? ''}`).origin;
