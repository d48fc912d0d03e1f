import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import { TenantAnswer, UserAnswer } from '../accounts/account.schema.js';
import type { Session } from './session.entity.js';

export const Login = z
  .strictObject({
    login: z.string().trim().min(1).max(254).describe('user name or e-mail address'),
    password: z.string().min(1).max(512),
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof Login>;

export const Refresh = z
  .strictObject({
    refreshToken: z.string().min(1).max(200),
  })
  .meta({ id: 'Refresh' });
export type Refresh = z.infer<typeof Refresh>;

/** RFC 6749 §5.1 in camelCase, with who it is for. */
export const TokensAnswer = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('seconds'),
    refreshToken: z.string().describe('good for one use: every refresh answers the next one'),
    user: UserAnswer,
    tenant: TenantAnswer.nullable(),
  })
  .meta({ id: 'Tokens' });
export type TokensAnswer = z.infer<typeof TokensAnswer>;

export const SessionAnswer = z
  .object({
    id: z.uuid(),
    current: z.boolean().describe('whether this request belongs to it'),
    tenantId: z.uuid().nullable(),
    userAgent: z.string(),
    clientAddress: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Session' });
export type SessionAnswer = z.infer<typeof SessionAnswer>;

export const SessionList = pageOf(SessionAnswer, 'SessionPage');
export type SessionList = z.infer<typeof SessionList>;

export const MeAnswer = z
  .object({
    user: UserAnswer,
    tenant: TenantAnswer.nullable(),
    roles: z.array(z.string()),
    session: SessionAnswer.nullable().describe('null when called with an API key'),
  })
  .meta({ id: 'Me' });
export type MeAnswer = z.infer<typeof MeAnswer>;

export const toSessionAnswer = (session: Session, currentId: string): SessionAnswer => ({
  id: session.id,
  current: session.id === currentId,
  tenantId: session.tenantId,
  userAgent: session.userAgent,
  clientAddress: session.clientAddress,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.lastUsedAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
});
