import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSettings } from '@libs/config';
import { PlanServiceService } from '@libs/grpc';
import { aSealKey, fakeService, sealedFetch, serviceEnvironment, startFakePeer } from '@libs/testing';

import type { InstanceDriver } from '../src/driver/instance-driver.js';
import { EcsServiceSettings } from '../src/settings.js';
import { startEcsService } from '../src/start.js';

export interface EcsServiceOptions {
  /** `host:port` of project-service. */
  readonly projectService: string;
  /** Of tenant-service; without it, one that knows no plans. */
  readonly tenantService?: string;
  readonly driver?: InstanceDriver;
  /** A folder that the test keeps; otherwise one that goes with the service. */
  readonly dataDir?: string;
  /** Without it: SQLite in that folder. */
  readonly databaseUrl?: string;
}

const sealKey = aSealKey();

/** A whole ecs-service on free ports. */
export async function ecsServiceUnderTest(options: EcsServiceOptions) {
  const { projectService, tenantService, driver, dataDir, databaseUrl } = options;
  const planless = await startFakePeer(fakeService(PlanServiceService, { getTenantPlan: async () => ({}) }));
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'ecs-service-')));
  const settings = readSettings(EcsServiceSettings, {
    ...serviceEnvironment({ dataDir: folder, sealKey }),
    DATABASE_URL: databaseUrl,
    PROJECT_SERVICE_GRPC: projectService,
    TENANT_SERVICE_GRPC: tenantService ?? planless.address,
  });
  const service = await startEcsService(settings, driver);
  return {
    ...service,
    sealKey,
    call: sealedFetch('ecs-service', service.http, sealKey),
    stop: async () => {
      await service.stop();
      planless.stop();
      if (dataDir === undefined) await rm(folder, { recursive: true });
    },
  };
}

export type EcsServiceUnderTest = Awaited<ReturnType<typeof ecsServiceUnderTest>>;
