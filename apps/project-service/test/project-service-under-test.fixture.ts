import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSettings } from '@libs/config';
import { PlanServiceService } from '@libs/grpc';
import { aSealKey, fakeService, sealedFetch, serviceEnvironment, startFakePeer } from '@libs/testing';

import { ProjectServiceSettings } from '../src/settings.js';
import { startProjectService } from '../src/start.js';

/** A whole project-service on free ports with a database of its own. `environment` names the peers; without it, tenant-service knows no plans. */
export async function projectServiceUnderTest(environment: Readonly<Record<string, string>> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'project-service-'));
  const sealKey = aSealKey();
  const tenantService = await startFakePeer(fakeService(PlanServiceService, { getTenantPlan: async () => ({}) }));
  const settings = readSettings(ProjectServiceSettings, {
    ...serviceEnvironment({ dataDir, sealKey }),
    TENANT_SERVICE_GRPC: tenantService.address,
    ...environment,
  });
  const service = await startProjectService(settings);
  return {
    ...service,
    sealKey,
    dataDir,
    call: sealedFetch('project-service', service.http, sealKey),
    stop: async () => {
      await service.stop();
      tenantService.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type ProjectServiceUnderTest = Awaited<ReturnType<typeof projectServiceUnderTest>>;
