import type { EntityManager } from 'typeorm';

import { Refusal } from '@libs/errors';
import {
  type Database,
  isUniqueViolation,
  newId,
  type ExpectedVersion,
  isExpected,
  isExpectedNew,
} from '@libs/persistence';

import { ConfigurationPublication } from './configuration-publication.entity.js';
import { ConfigurationVersion } from './configuration-version.entity.js';

/** Who changes the configuration, and why. */
export interface Signature {
  readonly author: string;
  readonly reason: string;
}

export interface PublishedVersion {
  readonly publication: ConfigurationPublication;
  readonly version: ConfigurationVersion;
}

/** The versions of a configuration in a database, and which of them was put in force when. */
export class VersionStore {
  constructor(private readonly database: Database) {}

  /** The number of the newest publication; 0 before the first. Cheap enough to be asked for every second. */
  async latestPublication(): Promise<number> {
    return (await highest(this.database.manager, ConfigurationPublication)) ?? 0;
  }

  /** What counts now; undefined before the first publication. */
  async published(): Promise<PublishedVersion | undefined> {
    const [publication] = await this.publications(1);
    return publication === undefined ? undefined : { publication, version: await this.get(publication.version) };
  }

  async get(number: number): Promise<ConfigurationVersion> {
    const version = await this.database.manager.findOneBy(ConfigurationVersion, { number });
    if (version === null) throw new Refusal('RESOURCE_NOT_FOUND', { detail: `There is no version ${number}.` });
    return version;
  }

  /** The newest first, those below a number. */
  versions(limit: number, below = Number.MAX_SAFE_INTEGER): Promise<ConfigurationVersion[]> {
    return this.database.manager
      .createQueryBuilder(ConfigurationVersion, 'version')
      .select(['version.id', 'version.number', 'version.author', 'version.reason', 'version.createdAt'])
      .where('version.number < :below', { below })
      .orderBy('version.number', 'DESC')
      .limit(limit)
      .getMany();
  }

  /** The newest first. */
  publications(limit: number): Promise<ConfigurationPublication[]> {
    return this.database.manager.find(ConfigurationPublication, { order: { number: 'DESC' }, take: limit });
  }

  /**
   * Keeps a new version and puts it in force. `expected` is the publication that it was made from: if there is another
   * one by now, somebody else was faster. Without it the last one wins.
   */
  publish(document: string, signature: Signature, expected?: ExpectedVersion): Promise<PublishedVersion> {
    return this.changing(async (manager) => {
      const version = await add(manager, document, signature);
      return { version, publication: await putInForce(manager, version.number, signature, expected) };
    });
  }

  /** Puts a version in force that is kept already. */
  publishAgain(number: number, signature: Signature, expected?: ExpectedVersion): Promise<PublishedVersion> {
    return this.changing(async (manager) => {
      const version = await this.get(number);
      return { version, publication: await putInForce(manager, number, signature, expected) };
    });
  }

  /** Keeps a version that is not in force yet. */
  keep(document: string, signature: Signature): Promise<ConfigurationVersion> {
    return this.changing((manager) => add(manager, document, signature));
  }

  /** Two that count up at once get the same number, and the table takes only one of them. */
  private async changing<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.database.transaction(work);
    } catch (error) {
      throw isUniqueViolation(error) ? new Refusal('RESOURCE_CHANGED', { cause: error }) : error;
    }
  }
}

type Counted = typeof ConfigurationVersion | typeof ConfigurationPublication;

async function highest(manager: EntityManager, entity: Counted): Promise<number | undefined> {
  return (await manager.maximum(entity, 'number')) ?? undefined;
}

async function add(manager: EntityManager, document: string, signature: Signature): Promise<ConfigurationVersion> {
  const number = ((await highest(manager, ConfigurationVersion)) ?? 0) + 1;
  const version = manager.create(ConfigurationVersion, {
    ...signed(signature),
    number,
    document,
  });
  await manager.insert(ConfigurationVersion, version);
  return version;
}

async function putInForce(
  manager: EntityManager,
  version: number,
  signature: Signature,
  expected: ExpectedVersion | undefined,
): Promise<ConfigurationPublication> {
  const latest = (await highest(manager, ConfigurationPublication)) ?? 0;
  const isNew = latest === 0 && isExpectedNew(expected);
  if (!isNew && !isExpected(expected, latest)) throw new Refusal('RESOURCE_CHANGED');
  const publication = manager.create(ConfigurationPublication, { ...signed(signature), number: latest + 1, version });
  await manager.insert(ConfigurationPublication, publication);
  return publication;
}

const signed = ({ author, reason }: Signature) => ({ id: newId(), author, reason, createdAt: new Date() });
