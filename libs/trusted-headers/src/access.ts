import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/**
 * Who may call a handler:
 * - `anyone`: whoever comes with a sealed identity, even the anonymous one;
 * - `user`: an active user who works in a tenant;
 * - `service`: another service that acts for itself;
 * - `{ roles }`: an active caller with at least one of the roles;
 * - `{ permission }`: an active user who works in a tenant, where their role allows it;
 * - `unsealed`: literally everybody, for health probes.
 */
export type AccessRule =
  'anyone' | 'user' | 'service' | 'unsealed' | { readonly roles: readonly string[] } | { readonly permission: string };

export const accessMetadata = 'gatehouse:access';

/**
 * Lets in whoever fits any one of the rules. On a method it replaces what the class says.
 * A handler without it is closed to everybody.
 */
export const Access = (...rules: readonly [AccessRule, ...AccessRule[]]): CustomDecorator =>
  SetMetadata(accessMetadata, rules);
