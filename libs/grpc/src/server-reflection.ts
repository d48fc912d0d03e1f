import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProto } from 'grpc-health-check';

import { completeDescriptors } from './complete-descriptors.js';

/** Lets tools ask the server for its contracts; reads proto/, which stands above both the sources and the build. */
export function addReflection(server: Server, services: readonly string[]): void {
  const proto = findAbove(import.meta.dirname, 'proto');
  const contracts = globSync('**/*.proto', { cwd: proto });
  const loaded = loadSync([...contracts, healthProto], { includeDirs: [proto], keepCase: true });
  const served = [...services, 'grpc.health.v1.Health'];
  new ReflectionService(completeDescriptors(loaded), { services: served }).addToServer(server);
}

function findAbove(folder: string, name: string): string {
  const candidate = join(folder, name);
  if (existsSync(join(candidate, 'gatehouse'))) return candidate;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`gRPC reflection needs the folder ${name}/ beside the build.`);
  return findAbove(parent, name);
}
