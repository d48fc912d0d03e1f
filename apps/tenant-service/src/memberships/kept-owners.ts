import { Injectable, type OnModuleInit } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { type UserListener, UserListeners } from '../users/user-listeners.js';
import { refuseToOrphanTenants } from './ownership.js';

/** No user is deleted whom a tenant needs. */
@Injectable()
export class KeptOwners implements UserListener, OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly users: UserListeners,
  ) {}

  onModuleInit(): void {
    this.users.add(this);
  }

  beforeDeletion(userId: string): Promise<void> {
    return refuseToOrphanTenants(this.database.manager, userId);
  }
}
