import type { Metadata } from '@grpc/grpc-js';

import { type CheckAccessResponse, ProjectServiceService } from '@libs/grpc';
import { type FakePeer, fakeService, startFakePeer } from '@libs/testing';

import { projectOfBob, projectOfBoth, projectOfMallory } from './people.fixture.js';

const all = { canRead: true, canWrite: true, isArchived: false };
const read = { canRead: true, canWrite: false, isArchived: false };

const access: Record<string, Record<string, CheckAccessResponse>> = {
  'user-bob': { [projectOfBob]: all, [projectOfBoth]: all },
  'user-carol': { [projectOfBoth]: read },
  'user-mallory': { [projectOfMallory]: all },
};
const nothing = { canRead: false, canWrite: false, isArchived: false };

/** Projects that are archived by now. */
export const archived = new Set<string>();

const accessOf = (metadata: Metadata, projectId: string): CheckAccessResponse =>
  withArchive(projectId, access[String(metadata.get('x-user-id'))]?.[projectId] ?? nothing);

const withArchive = (projectId: string, found: CheckAccessResponse): CheckAccessResponse => ({
  ...found,
  isArchived: found.canRead && archived.has(projectId),
});

/** Answers for the user in whose name it is asked, as the real one does. */
export const startFakeProjectService = (): Promise<FakePeer> =>
  startFakePeer(
    fakeService(ProjectServiceService, {
      checkAccess: async ({ projectId }, metadata) => accessOf(metadata, projectId),
      batchCheckAccess: async ({ projectIds }, metadata) => ({
        accesses: projectIds.map((projectId) => ({ projectId, ...accessOf(metadata, projectId) })),
      }),
    }),
  );
