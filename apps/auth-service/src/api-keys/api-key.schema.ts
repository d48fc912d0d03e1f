import { z } from 'zod';

import { pageOf } from '@libs/persistence';
import { singleLine } from '@libs/service';

import { isAddressOrNetwork } from './api-key-address.js';
import type { ApiKey } from './api-key.entity.js';

const scope = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*(?::(?:[a-z][a-z0-9-]*|\*))?$/)
  .describe('resource or resource:action');

const name = singleLine(100);
const scopes = z.array(scope).max(50).describe('what the key may do at most; routes that need a scope want it here');
const expiresAt = z.iso.datetime({ offset: true });

const address = z.string().max(49).refine(isAddressOrNetwork, 'must be an address or a network, as 192.0.2.0/24');
const allowedAddresses = z
  .array(address)
  .max(50)
  .describe('from where the key may be used: addresses and networks; empty for everywhere');

/** Up to a month: a quota is a limit with a long window. */
const limit = z
  .strictObject({
    requests: z.int().min(1).max(1_000_000_000),
    windowSeconds: z.int().min(1).max(2_678_400),
  })
  .meta({ id: 'ApiKeyLimit' });
const limits = z
  .array(limit)
  .max(4)
  .refine((all) => new Set(all.map(({ windowSeconds }) => windowSeconds)).size === all.length, 'one for each window')
  .describe('how often the key may be used; all hold together, beside those of its owner');

export const CreateApiKey = z
  .strictObject({
    name,
    scopes: scopes.default([]),
    expiresAt: expiresAt.optional().describe('absent for a key that does not expire'),
    allowedAddresses: allowedAddresses.default([]),
    limits: limits.default([]),
  })
  .meta({ id: 'CreateApiKey' });
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export const UpdateApiKey = z
  .strictObject({
    name,
    scopes,
    expiresAt: expiresAt.nullable().describe('null for a key that does not expire'),
    allowedAddresses,
    limits,
  })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, 'name at least one field to change')
  .meta({ id: 'UpdateApiKey' });
export type UpdateApiKey = z.infer<typeof UpdateApiKey>;

export const RotateApiKey = z
  .strictObject({
    graceSeconds: z
      .int()
      .min(0)
      .max(2_592_000)
      .default(86_400)
      .describe('how long the key before is good still; 0: it is refused at once'),
  })
  .prefault({})
  .meta({ id: 'RotateApiKey' });
export type RotateApiKey = z.infer<typeof RotateApiKey>;

export const ApiKeyAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    hint: z.string().describe('the beginning of the key'),
    scopes: z.array(z.string()),
    tenantId: z.uuid(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    allowedAddresses: z.array(z.string()),
    limits: z.array(limit),
    lastUsedAt: z.iso.datetime().nullable().describe('up to a minute late'),
    lastUsedAddress: z.string().nullable(),
    previousKeyUntil: z.iso.datetime().nullable().describe('until when the key before the last rotation is good'),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyAnswer = z.infer<typeof ApiKeyAnswer>;

export const NewApiKeyAnswer = ApiKeyAnswer.extend({
  key: z.string().describe('shown this once; send it as X-Api-Key'),
}).meta({ id: 'NewApiKey' });
export type NewApiKeyAnswer = z.infer<typeof NewApiKeyAnswer>;

export const ApiKeyList = pageOf(ApiKeyAnswer, 'ApiKeyPage');
export type ApiKeyList = z.infer<typeof ApiKeyList>;

export const toApiKeyAnswer = (apiKey: ApiKey): ApiKeyAnswer => ({
  id: apiKey.id,
  name: apiKey.name,
  hint: apiKey.hint,
  scopes: apiKey.scopes,
  tenantId: apiKey.tenantId,
  createdAt: apiKey.createdAt.toISOString(),
  expiresAt: apiKey.expiresAt?.toISOString() ?? null,
  allowedAddresses: apiKey.allowedAddresses ?? [],
  limits: apiKey.limits ?? [],
  lastUsedAt: apiKey.lastUsedAt?.toISOString() ?? null,
  lastUsedAddress: apiKey.lastUsedAddress,
  previousKeyUntil: apiKey.previousKeyUntil?.toISOString() ?? null,
});
