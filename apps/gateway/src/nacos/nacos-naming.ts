import type { NamedService, RegisteredInstance } from './nacos-api.js';
import { NacosClient } from './nacos-client.js';
import type { NacosSettings } from './nacos-settings.js';

/** The register of instances in Nacos. The gateway registers nothing there itself. */
export class NacosNaming {
  private readonly client: NacosClient;

  constructor(settings: NacosSettings) {
    this.client = new NacosClient(settings);
  }

  /** Those that are enabled and healthy. Rejects when no server answers. */
  async instancesOf(service: NamedService): Promise<readonly RegisteredInstance[]> {
    const found = await this.client.ask(
      (api) => api.listInstances(service),
      (answer, api) => api.instancesIn(answer),
    );
    return found ?? [];
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
