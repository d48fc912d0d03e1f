import { z } from 'zod';

import type { ConfigurationPublication } from '../../configuration/versions/configuration-publication.entity.js';
import type { ConfigurationVersion } from '../../configuration/versions/configuration-version.entity.js';

const signed = { author: z.string(), reason: z.string(), createdAt: z.iso.datetime() };

export const VersionView = z
  .object({ number: z.int(), published: z.boolean().describe('Whether it is the one in force.'), ...signed })
  .meta({ id: 'ConfigurationVersion' });
export type VersionView = z.infer<typeof VersionView>;

export const FullVersionView = VersionView.extend({ document: z.string().describe('YAML, as it was handed in.') }).meta(
  {
    id: 'FullConfigurationVersion',
  },
);
export type FullVersionView = z.infer<typeof FullVersionView>;

export const VersionPage = z
  .object({ items: z.array(VersionView), nextPageToken: z.string() })
  .meta({ id: 'ConfigurationVersionPage' });
export type VersionPage = z.infer<typeof VersionPage>;

export const PublicationView = z
  .object({ number: z.int(), version: z.int(), ...signed })
  .meta({ id: 'ConfigurationPublication' });
export type PublicationView = z.infer<typeof PublicationView>;

export const PublicationList = z
  .object({ items: z.array(PublicationView) })
  .meta({ id: 'ConfigurationPublicationList' });
export type PublicationList = z.infer<typeof PublicationList>;

export const viewVersion = (version: ConfigurationVersion, publishedNumber: number | undefined): VersionView => ({
  number: version.number,
  published: version.number === publishedNumber,
  author: version.author,
  reason: version.reason,
  createdAt: version.createdAt.toISOString(),
});

export const viewPublication = (publication: ConfigurationPublication): PublicationView => ({
  number: publication.number,
  version: publication.version,
  author: publication.author,
  reason: publication.reason,
  createdAt: publication.createdAt.toISOString(),
});
