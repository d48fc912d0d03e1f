import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';

import { completeDescriptors } from './complete-descriptors.js';

/** All contracts with their descriptors, from proto/, which stands above both the sources and the build. */
export function contractFiles(): PackageDefinition {
  const proto = findAbove(import.meta.dirname, 'proto');
  const contracts = globSync('**/*.proto', { cwd: proto });
  return completeDescriptors(loadSync([...contracts, healthProto], { includeDirs: [proto], keepCase: true }));
}

function findAbove(folder: string, name: string): string {
  const candidate = join(folder, name);
  if (existsSync(join(candidate, 'gatehouse'))) return candidate;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`The folder ${name}/ with the gRPC contracts must stand beside the build.`);
  return findAbove(parent, name);
}
