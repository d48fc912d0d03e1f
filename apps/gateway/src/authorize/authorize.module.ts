import { Module } from '@nestjs/common';

import { AccountServiceService, GrpcClients } from '@libs/grpc';
import { EventBus } from '@libs/redis';

import { Snapshots } from '../configuration/snapshots.js';
import { Accounts } from './accounts.js';
import { ClaimedAccounts } from './claimed-accounts.js';
import { GrpcAccounts } from './grpc-accounts.js';

const accounts = ({ current }: Snapshots, bus: EventBus, clients: GrpcClients): Accounts =>
  current.configuration.accounts.resolver === 'grpc'
    ? new GrpcAccounts(clients.to('tenant-service', AccountServiceService), bus)
    : new ClaimedAccounts();

@Module({
  providers: [{ provide: Accounts, inject: [Snapshots, EventBus, GrpcClients], useFactory: accounts }],
  exports: [Accounts],
})
export class AuthorizeModule {}
