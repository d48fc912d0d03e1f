import { NacosConfig } from '../../nacos/nacos-config.js';
import { NacosFailure } from '../../nacos/nacos-failure.js';
import type { NacosSettings } from '../../nacos/nacos-settings.js';
import type { ConfigurationDocument } from '../document/configuration-document.js';
import { digest } from '../document/read-configuration.js';
import { ConfigurationSource } from './configuration-source.js';
import { SourceAway } from './source-away.js';

export interface NacosSourceOptions {
  readonly settings: NacosSettings;
  readonly dataId: string;
  readonly group: string;
  /** Names of files in the configuration are relative to this folder. */
  readonly folder: string;
}

/** A document in Nacos. */
export class NacosSource extends ConfigurationSource {
  readonly kind = 'nacos';
  readonly mayBeAway = true;
  readonly identity: string;
  private readonly config: NacosConfig;

  constructor(private readonly options: NacosSourceOptions) {
    super();
    const { settings, group, dataId } = options;
    this.identity = [settings.servers, settings.namespace, group, dataId].join('/');
    this.config = new NacosConfig(settings);
  }

  async load(): Promise<ConfigurationDocument> {
    const { group, dataId, folder } = this.options;
    const text = await this.config.read(this.options).catch(throwAsAway);
    if (text === undefined) throw new Error(`Nacos has no ${dataId} in the group ${group}`);
    return { text, place: `nacos:${group}/${dataId}`, folder, version: digest(text) };
  }

  watch(changed: () => void): () => void {
    return this.config.watch(this.options, changed);
  }

  override async close(): Promise<void> {
    await this.config.close();
  }
}

/** No server says what the document is: that may be known later. */
function throwAsAway(error: unknown): never {
  throw error instanceof NacosFailure ? new SourceAway(error.message, { cause: error }) : error;
}
