import { Logger } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import type { EventBus } from '@libs/events';
import type { ExpectedVersion } from '@libs/persistence';

import type { LiveConfiguration } from '../../configuration/live/live-configuration.js';
import { DatabaseSource } from '../../configuration/sources/database-source.js';
import type { ConfigurationSource } from '../../configuration/sources/configuration-source.js';
import type { PublishedVersion, Signature, VersionStore } from '../../configuration/versions/version-store.js';
import { type NewVersion, type RollBack } from './candidate.schema.js';
import { type ConfigurationService, textOf } from './configuration.service.js';
import {
  type FullVersionView,
  type PublicationList,
  type PublicationView,
  type VersionPage,
  type VersionView,
  viewPublication,
  viewVersion,
} from './version.view.js';

const historyLength = 50;

/** Keeps versions of the configuration, puts them in force and takes them back. */
export class VersionsService {
  private readonly logger = new Logger('Management');

  constructor(
    private readonly source: ConfigurationSource | undefined,
    private readonly live: LiveConfiguration | undefined,
    private readonly configurations: ConfigurationService,
    private readonly events: EventBus,
  ) {}

  async list(pageSize: number, pageToken: string): Promise<VersionPage> {
    const store = await this.store();
    const published = await store.published();
    const found = await store.versions(pageSize + 1, pageToken === '' ? undefined : Number(pageToken));
    const items = found.slice(0, pageSize);
    return {
      items: items.map((version) => viewVersion(version, published?.version.number)),
      nextPageToken: found.length > pageSize ? String(items.at(-1)?.number) : '',
    };
  }

  async get(number: number): Promise<FullVersionView> {
    const store = await this.store();
    const [version, published] = [await store.get(number), await store.published()];
    return { ...viewVersion(version, published?.version.number), document: version.document };
  }

  async publications(): Promise<PublicationList> {
    const found = await (await this.store()).publications(historyLength);
    return { items: found.map(viewPublication) };
  }

  async add({ publish, ...version }: NewVersion, expected: ExpectedVersion | undefined): Promise<VersionView> {
    const store = await this.store();
    const text = textOf(version);
    await this.configurations.check(text);
    if (!publish) return viewVersion(await store.keep(text, version), undefined);
    const published = await this.putInForce(store.publish(text, version, expected));
    return viewVersion(published.version, published.version.number);
  }

  async publish(number: number, signature: Signature, expected: ExpectedVersion | undefined): Promise<PublicationView> {
    const store = await this.store();
    // What was right when it was kept may name a file or a variable that is gone by now.
    await this.configurations.check((await store.get(number)).document);
    return viewPublication((await this.putInForce(store.publishAgain(number, signature, expected))).publication);
  }

  async rollBack({ version, ...signature }: RollBack, expected: ExpectedVersion | undefined): Promise<PublicationView> {
    return this.publish(version ?? (await this.previous()), signature, expected);
  }

  /** The version that was in force before the one that is now. */
  private async previous(): Promise<number> {
    const [current, ...earlier] = await (await this.store()).publications(historyLength);
    const before = earlier.find(({ version }) => version !== current?.version);
    if (before === undefined) throw new Refusal('RESOURCE_CONFLICT', { detail: 'No other version was ever in force.' });
    return before.version;
  }

  private async putInForce(publishing: Promise<PublishedVersion>): Promise<PublishedVersion> {
    const published = await publishing;
    const { version, author, reason } = published.publication;
    this.logger.log({ msg: 'a version was published', version, author, reason });
    await (this.source as DatabaseSource).announce(published, this.events);
    await this.live?.reload();
    return published;
  }

  private async store(): Promise<VersionStore> {
    if (this.source instanceof DatabaseSource) {
      return this.source.versions().catch((cause: unknown) => {
        throw new Refusal('SERVICE_UNAVAILABLE', { detail: 'The database cannot be reached.', cause });
      });
    }
    const detail = `There are no versions: the configuration comes from ${this.source?.kind ?? 'whoever started the gateway'}.`;
    throw new Refusal('RESOURCE_CONFLICT', { detail });
  }
}
