import { Logger } from '@nestjs/common';

import type {
  DiscoveryConfig,
  DnsDiscoveryConfig,
  NacosDiscoveryConfig,
} from '../configuration/schema/discovery.schema.js';
import type { GatewayConfiguration } from '../configuration/schema/gateway-configuration.schema.js';
import { FollowedService } from './followed-service.js';
import type { FoundInstance, InstanceDiscovery } from './instance-discovery.js';

/** How long a new service is waited for before it goes into force without instances. */
const patienceMs = 2_000;

export interface DiscoveryKinds {
  readonly dns: InstanceDiscovery<DnsDiscoveryConfig>;
  readonly nacos: InstanceDiscovery<NacosDiscoveryConfig>;
}

/** What was found for each discovery, under `keyOf`. */
export type FoundInstances = Readonly<Record<string, readonly FoundInstance[]>>;

/** Follows the instances of all services that are found rather than written down. */
export class Discoveries {
  private readonly logger = new Logger('Discovery');
  private readonly followed = new Map<string, FollowedService>();
  private changed: () => void = () => undefined;

  /** `known` was found by an earlier process, and counts until something newer is found. */
  constructor(
    private readonly kinds: DiscoveryKinds,
    private readonly known: FoundInstances = {},
  ) {}

  /** The listener is called whenever `complete` would give something else than before. */
  onChange(listener: () => void): void {
    this.changed = listener;
  }

  /** Begins to look for what is new in a configuration, and gives it a moment to be found. */
  async follow(configuration: GatewayConfiguration): Promise<void> {
    const started = [...discoveriesOf(configuration)].map(([name, discovery]) => this.start(name, discovery));
    await Promise.all(started.map((followed) => followed.firstNews(patienceMs)));
  }

  /** Stops looking for what a configuration does not name. */
  forgetOthers(configuration: GatewayConfiguration): void {
    const wanted = new Set([...discoveriesOf(configuration)].map(([, discovery]) => keyOf(discovery)));
    for (const [key, followed] of this.followed) {
      if (wanted.has(key)) continue;
      followed.end();
      this.followed.delete(key);
    }
  }

  /** The configuration with all instances: those that are written down, and those that are found. */
  complete(configuration: GatewayConfiguration): GatewayConfiguration {
    const services = Object.entries(configuration.services).map(([name, service]) => {
      const written = new Set(service.instances.map(({ url }) => new URL(url).origin));
      const found = this.foundBy(service.discovery).filter(({ url }) => !written.has(url));
      return [name, found.length === 0 ? service : { ...service, instances: [...service.instances, ...found] }];
    });
    return { ...configuration, services: Object.fromEntries(services) as GatewayConfiguration['services'] };
  }

  /** For a later process. */
  found(): FoundInstances {
    return Object.fromEntries([...this.followed].map(([key, { instances }]) => [key, instances]));
  }

  /** Names of services, and what is wrong with looking for them. */
  failures(): Readonly<Record<string, string>> {
    const failing = [...this.followed.values()].filter(({ failure }) => failure !== undefined);
    return Object.fromEntries(failing.map(({ name, failure = '' }) => [name, failure]));
  }

  async close(): Promise<void> {
    for (const followed of this.followed.values()) followed.end();
    this.followed.clear();
    await Promise.all([this.kinds.dns.close(), this.kinds.nacos.close()]);
  }

  private foundBy(discovery: DiscoveryConfig | undefined): readonly FoundInstance[] {
    return (discovery === undefined ? undefined : this.followed.get(keyOf(discovery)))?.instances ?? [];
  }

  private start(name: string, discovery: DiscoveryConfig): FollowedService {
    const key = keyOf(discovery);
    const running = this.followed.get(key);
    if (running !== undefined) return running;
    const followed = new FollowedService(name, this.known[key] ?? [], this.logger, () => this.changed());
    this.followed.set(key, followed);
    followed.begin((listener) =>
      discovery.dns === undefined
        ? this.kinds.nacos.watch(discovery.nacos as NacosDiscoveryConfig, listener)
        : this.kinds.dns.watch(discovery.dns, listener),
    );
    return followed;
  }
}

function* discoveriesOf({ services }: GatewayConfiguration): Generator<readonly [string, DiscoveryConfig]> {
  for (const [name, { discovery }] of Object.entries(services)) if (discovery !== undefined) yield [name, discovery];
}

/** Services that look for the same thing look once. */
const keyOf = (discovery: DiscoveryConfig): string => JSON.stringify(discovery);
