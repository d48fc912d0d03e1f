import { Module } from '@nestjs/common';

import { EventBus } from '@libs/events';
import { AccountServiceService, GrpcClients } from '@libs/grpc';

import { AuthorizeGuard } from './authorize.guard.js';
import { Accounts } from './accounts.js';
import { ConfiguredAccounts } from './configured-accounts.js';
import { GrpcAccounts } from './grpc-accounts.js';

const accounts = (bus: EventBus, clients: GrpcClients): Accounts =>
  new ConfiguredAccounts(() => new GrpcAccounts(clients.to('tenant-service', AccountServiceService), bus));

@Module({
  providers: [{ provide: Accounts, inject: [EventBus, GrpcClients], useFactory: accounts }, AuthorizeGuard],
  exports: [AuthorizeGuard],
})
export class AuthorizeModule {}
