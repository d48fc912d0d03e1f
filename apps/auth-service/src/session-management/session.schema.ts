import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import { TenantAnswer, UserAnswer } from '../accounts/account.schema.js';
import type { Session } from '../sessions/session.entity.js';

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
