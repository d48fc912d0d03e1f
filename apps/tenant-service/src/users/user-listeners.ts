import { Injectable } from '@nestjs/common';

/** What other features do with a change of a user, in its transaction. Users know nothing of them. */
export interface UserListener {
  /** Refuses where the user must stay. */
  beforeDeletion?(userId: string): Promise<void>;
  /** The user is deleted, or may not come in any more. */
  afterLossOfEntry?(userId: string): Promise<void>;
}

@Injectable()
export class UserListeners implements Required<UserListener> {
  private readonly listeners: UserListener[] = [];

  add(listener: UserListener): void {
    this.listeners.push(listener);
  }

  async beforeDeletion(userId: string): Promise<void> {
    for (const listener of this.listeners) await listener.beforeDeletion?.(userId);
  }

  async afterLossOfEntry(userId: string): Promise<void> {
    for (const listener of this.listeners) await listener.afterLossOfEntry?.(userId);
  }
}
