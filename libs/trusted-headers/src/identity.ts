export const authMethods = ['jwt', 'api-key', 'service', 'none'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** Who calls, as the gateway (or a calling service) has found out. An empty string means that there is none. */
export interface Identity {
  readonly userId: string;
  readonly userName: string;
  readonly active: boolean;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly tenantId: string;
  readonly sessionId: string;
  readonly authMethod: AuthMethod;
  readonly apiKeyId: string;
}

/** Nobody: what a public route is called by. */
export const anonymous: Identity = Object.freeze({
  userId: '',
  userName: '',
  active: false,
  roles: Object.freeze([]),
  scopes: Object.freeze([]),
  tenantId: '',
  sessionId: '',
  authMethod: 'none',
  apiKeyId: '',
});

/** A service that acts for itself, not for a user: no user id, so it can never own anything. */
export const serviceIdentity = (name: string): Identity => ({
  ...anonymous,
  userName: name,
  active: true,
  roles: ['service'],
  authMethod: 'service',
});
