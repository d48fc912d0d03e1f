import { type CheckAccessResponse, ProjectServiceService } from '@libs/grpc';

import { type FakePeer, fakeService, startFakePeer } from './fake-peer.fixture.js';
import { projectOfBob, projectOfBoth, projectOfMallory } from './people.fixture.js';

const all = { canRead: true, canWrite: true };
const read = { canRead: true, canWrite: false };

const access: Record<string, Record<string, CheckAccessResponse>> = {
  'user-bob': { [projectOfBob]: all, [projectOfBoth]: all },
  'user-carol': { [projectOfBoth]: read },
  'user-mallory': { [projectOfMallory]: all },
};

/** Answers for the user in whose name it is asked, as the real one does. */
export const startFakeProjectService = (): Promise<FakePeer> =>
  startFakePeer(
    fakeService(ProjectServiceService, {
      checkAccess: async ({ projectId }, metadata) =>
        access[String(metadata.get('x-user-id'))]?.[projectId] ?? { canRead: false, canWrite: false },
    }),
  );
