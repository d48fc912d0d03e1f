import type { AuthSettings } from '../settings/settings.js';

export type SessionLifetimes = Pick<AuthSettings, 'refreshTokenLifetimeMs' | 'sessionLifetimeMs'>;

/** A session used now ends after lying idle, and at the latest when its longest life is over. */
export const expiryOf = (createdAt: Date, now: Date, settings: SessionLifetimes): Date =>
  new Date(Math.min(now.getTime() + settings.refreshTokenLifetimeMs, createdAt.getTime() + settings.sessionLifetimeMs));
