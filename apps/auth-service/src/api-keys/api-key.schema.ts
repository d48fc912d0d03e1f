import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import type { ApiKey } from './api-key.entity.js';

const scope = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*(?::(?:[a-z][a-z0-9-]*|\*))?$/)
  .describe('resource or resource:action');

export const CreateApiKey = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u),
  scopes: z.array(scope).max(50).default([]).describe('routes that need a scope are closed to a key without it'),
  expiresAt: z.iso.datetime({ offset: true }).optional().describe('absent for a key that does not expire'),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export const ApiKeyAnswer = z.object({
  id: z.uuid(),
  name: z.string(),
  hint: z.string().describe('the beginning of the key'),
  scopes: z.array(z.string()),
  tenantId: z.uuid(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});
export type ApiKeyAnswer = z.infer<typeof ApiKeyAnswer>;

export const NewApiKeyAnswer = ApiKeyAnswer.extend({
  key: z.string().describe('shown this once; send it as X-Api-Key'),
});
export type NewApiKeyAnswer = z.infer<typeof NewApiKeyAnswer>;

export const ApiKeyList = pageOf(ApiKeyAnswer, 'ApiKeyList');
export type ApiKeyList = z.infer<typeof ApiKeyList>;

export const toApiKeyAnswer = (apiKey: ApiKey): ApiKeyAnswer => ({
  id: apiKey.id,
  name: apiKey.name,
  hint: apiKey.hint,
  scopes: apiKey.scopes,
  tenantId: apiKey.tenantId,
  createdAt: apiKey.createdAt.toISOString(),
  expiresAt: apiKey.expiresAt?.toISOString() ?? null,
});
