import { Logger } from '@nestjs/common';

import type { EventBus } from '@libs/events';
import { type Database, newId, openDatabase, type PersistenceOptions } from '@libs/persistence';

import type { ConfigurationDocument } from '../document/configuration-document.js';
import { ConfigurationPublication } from '../versions/configuration-publication.entity.js';
import { ConfigurationTables1700000001000 } from '../versions/configuration-tables.js';
import { ConfigurationVersion } from '../versions/configuration-version.entity.js';
import { type PublishedVersion, VersionStore } from '../versions/version-store.js';
import { ConfigurationSource } from './configuration-source.js';

export interface DatabaseSourceOptions {
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  /** Names of files in the configuration are relative to this folder. */
  readonly folder: string;
  /** What becomes version 1 of an empty database. */
  readonly seed: () => ConfigurationDocument;
}

/** An event is faster, but may be lost. */
const askEveryMs = 1_000;

const tables: Pick<PersistenceOptions, 'service' | 'entities' | 'migrations'> = {
  service: 'gateway',
  entities: [ConfigurationVersion, ConfigurationPublication],
  migrations: [ConfigurationTables1700000001000],
};

/** Versions in MySQL, or in an SQLite file without one; the one that was published last counts. */
export class DatabaseSource extends ConfigurationSource {
  readonly kind = 'database';
  readonly mayBeAway = true;
  readonly identity: string;
  private readonly logger = new Logger('Configuration');
  private opening: Promise<Database> | undefined;
  private opened: Database | undefined;

  constructor(private readonly options: DatabaseSourceOptions) {
    super();
    this.identity = options.databaseUrl === undefined ? options.dataDir : placeOf(options.databaseUrl);
  }

  async load(): Promise<ConfigurationDocument> {
    const store = await this.versions();
    return this.documentOf((await store.published()) ?? (await this.plantSeed(store)));
  }

  /** Rejects while the database is away. */
  async versions(): Promise<VersionStore> {
    return new VersionStore(await this.database());
  }

  documentOf({ version, publication }: PublishedVersion): ConfigurationDocument {
    return {
      text: version.document,
      place: `version ${version.number}`,
      folder: this.options.folder,
      version: String(version.number),
      number: version.number,
      publication: publication.number,
    };
  }

  watch(changed: () => void, events: EventBus): () => void {
    let known: number | undefined;
    let isAsking = false;
    const ask = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      const latest = await this.versions()
        .then((store) => store.latestPublication())
        .catch(() => -1);
      isAsking = false;
      if (known !== latest) changed();
      known = latest;
    };
    const asking = setInterval(() => void ask(), askEveryMs).unref();
    const ends = [events.subscribe(['configuration.published'], () => changed()), events.onGap(() => changed())];
    return () => {
      clearInterval(asking);
      for (const end of ends) end();
    };
  }

  /** Tells the other gateways. Those that do not hear it find out by asking. */
  async announce({ publication }: PublishedVersion, events: EventBus): Promise<void> {
    const { number, version, createdAt } = publication;
    try {
      await events.publish({
        topic: 'configuration.published',
        key: String(number),
        payload: { publication: number, version },
        id: newId(),
        time: createdAt.toISOString(),
      });
    } catch (error) {
      this.logger.warn({ msg: 'the other gateways could not be told, and will find out by asking', err: error });
    }
  }

  override async close(): Promise<void> {
    await this.opened?.close();
  }

  /** Opened when it is first needed, and tried again after a failure: the database may come up after the gateway. */
  private database(): Promise<Database> {
    this.opening ??= openDatabase({ ...tables, ...this.options }).then(
      (database) => (this.opened = database),
      (error: unknown) => {
        this.opening = undefined;
        throw error;
      },
    );
    return this.opening;
  }

  private async plantSeed(store: VersionStore): Promise<PublishedVersion> {
    const { text, place } = this.options.seed();
    const signature = { author: 'gateway', reason: `first start, from ${place}` };
    try {
      const published = await store.publish(text, signature, 0);
      this.logger.log({ msg: 'the database was empty; its first version is a copy', place });
      return published;
    } catch (error) {
      // Another gateway that starts at the same time was faster.
      const published = await store.published();
      if (published === undefined) throw error;
      return published;
    }
  }
}

/** Without user and password. */
function placeOf(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}
