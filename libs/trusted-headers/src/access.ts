import { type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

/**
 * Who may call a handler:
 * - `anyone`: whoever comes with a sealed identity, even the anonymous one;
 * - `user`: an active user who works in a tenant;
 * - `person`: an active user who has logged in, whichever tenant they work in, or none: for what is about themselves;
 * - `service`: another service that acts for itself;
 * - `{ roles }`: an active caller with at least one of the roles;
 * - `{ permission }`: an active user who works in a tenant, where their role allows it;
 * - `unsealed`: literally everybody, for health probes.
 */
export type AccessRule =
  | 'anyone'
  | 'user'
  | 'person'
  | 'service'
  | 'unsealed'
  | { readonly roles: readonly string[] }
  | { readonly permission: string };

const accessMetadata = 'gatehouse:access';

/**
 * Lets in whoever fits any one of the rules. On a method it replaces what the class says.
 * A handler without it is closed to everybody.
 */
export const Access = (...rules: readonly [AccessRule, ...AccessRule[]]): CustomDecorator =>
  SetMetadata(accessMetadata, rules);

/** What the handler says, or its class; nothing, and so nobody, where neither says anything. */
export const accessRulesOf = (reflector: Reflector, execution: ExecutionContext): readonly AccessRule[] =>
  reflector.getAllAndOverride<readonly AccessRule[] | undefined>(accessMetadata, [
    execution.getHandler(),
    execution.getClass(),
  ]) ?? [];
