import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';

import { contractFiles } from './contract-files.js';

/** Lets tools ask the server for its contracts. */
export function addReflection(server: Server, services: readonly string[]): void {
  const served = [...services, 'grpc.health.v1.Health'];
  new ReflectionService(contractFiles(), { services: served }).addToServer(server);
}
