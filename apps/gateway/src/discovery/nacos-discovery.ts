import type { NacosDiscoveryConfig } from '../configuration/schema/discovery.schema.js';
import type { RegisteredInstance } from '../nacos/nacos-api.js';
import { NacosNaming } from '../nacos/nacos-naming.js';
import type { NacosSettings } from '../nacos/nacos-settings.js';
import { type DiscoveryListener, type FoundInstance, InstanceDiscovery } from './instance-discovery.js';

/** Instances that have registered at Nacos, those that are enabled and well. */
export class NacosDiscovery extends InstanceDiscovery<NacosDiscoveryConfig> {
  private readonly naming: NacosNaming | undefined;

  /** `settings` are absent where no Nacos is configured. */
  constructor(settings: NacosSettings | undefined) {
    super();
    this.naming = settings === undefined ? undefined : new NacosNaming(settings);
  }

  watch(config: NacosDiscoveryConfig, listener: DiscoveryListener): () => void {
    const { naming } = this;
    if (naming === undefined) {
      listener.failed(new Error('NACOS_SERVER is not set'));
      return () => undefined;
    }
    let isEnded = false;
    let timer: NodeJS.Timeout | undefined;
    const look = async (): Promise<void> => {
      try {
        const registered = await naming.instancesOf(config);
        if (!isEnded) listener.found(registered.map((instance) => toFound(instance, config.scheme)));
      } catch (error) {
        if (!isEnded) listener.failed(error);
      }
      if (!isEnded) timer = setTimeout(() => void look(), config.refresh).unref();
    };
    void look();
    return () => {
      isEnded = true;
      clearTimeout(timer);
    };
  }

  override async close(): Promise<void> {
    await this.naming?.close();
  }
}

const toFound = ({ ip, port, weight }: RegisteredInstance, scheme: string): FoundInstance => ({
  url: new URL(`${scheme}://${ip.includes(':') ? `[${ip}]` : ip}:${port}`).origin,
  // Nacos counts in fractions of 1, the gateway in whole numbers.
  weight: Math.min(Math.max(Math.round(weight * 100), 1), 1000),
  backup: false,
});
