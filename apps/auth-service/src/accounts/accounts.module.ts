import { Module } from '@nestjs/common';

import { AccountDirectory } from './account-directory.js';
import { GrpcAccountDirectory } from './grpc-account-directory.js';

/** Users and tenants, which are tenant-service’s. */
@Module({
  providers: [{ provide: AccountDirectory, useClass: GrpcAccountDirectory }],
  exports: [AccountDirectory],
})
export class AccountsModule {}
