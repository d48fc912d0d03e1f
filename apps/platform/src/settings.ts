import { z } from 'zod';

import { secret, setting } from '@libs/config';

const port = (description: string, fallback: number) => setting.port().default(fallback).describe(description);

/** What the platform decides for the apps it starts; every other setting of theirs is read as if they ran alone. */
export const PlatformSettings = z.object({
  dataDir: setting.text().default('.data').describe('folder of SQLite files and of secrets made at the first start'),
  adminPassword: secret(setting.text().min(8).max(128))
    .exactOptional()
    .describe('password of the user admin, made at the first start; without it one is generated and printed once'),
  gatewayPort: port('public port of the gateway', 8080),
  gatewayManagementPort: port('management port of the gateway', 9090),
  authServiceHttpPort: port('REST port of auth-service', 3001),
  authServiceGrpcPort: port('gRPC port of auth-service', 5001),
  authServiceManagementPort: port('management port of auth-service', 9091),
  tenantServiceHttpPort: port('REST port of tenant-service', 3002),
  tenantServiceGrpcPort: port('gRPC port of tenant-service', 5002),
  tenantServiceManagementPort: port('management port of tenant-service', 9092),
  projectServiceHttpPort: port('REST port of project-service', 3003),
  projectServiceGrpcPort: port('gRPC port of project-service', 5003),
  projectServiceManagementPort: port('management port of project-service', 9093),
  ecsServiceHttpPort: port('REST port of ecs-service', 3004),
  ecsServiceGrpcPort: port('gRPC port of ecs-service', 5004),
  ecsServiceManagementPort: port('management port of ecs-service', 9094),
});

export type PlatformSettings = z.infer<typeof PlatformSettings>;
