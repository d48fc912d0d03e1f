import type { VersionedRecord } from '../columns/records.js';

type Kept = 'version' | 'createdAt' | 'updatedAt' | 'deletedAt';

/** A row as it is handed in: the repository adds `version`, `createdAt` and `updatedAt` where they are not given. */
export type Draft<E extends VersionedRecord> = Omit<E, Kept> & { readonly [K in Kept & keyof E]?: E[K] | undefined };

/** What an update may change. A field that is undefined stays as it is. */
export type Patch<E extends VersionedRecord> = {
  readonly [K in Exclude<keyof E, 'id' | 'tenantId' | 'version' | 'createdAt' | 'updatedAt'>]?: E[K] | undefined;
};
