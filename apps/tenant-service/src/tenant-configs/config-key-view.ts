import type { ConfigKey as ConfigKeyMessage } from '@libs/grpc';
import { etag } from '@libs/service';

import type { ConfigKeyDefinition } from './config-key.entity.js';

export const viewConfigKey = (key: ConfigKeyDefinition) => ({
  key: key.configKey,
  description: key.description,
  schema: key.valueSchema,
  secret: key.isSecret,
  createdAt: key.createdAt.toISOString(),
  updatedAt: key.updatedAt.toISOString(),
});

export type ConfigKeyView = ReturnType<typeof viewConfigKey>;

export const configKeyMessage = (key: ConfigKeyDefinition): ConfigKeyMessage => ({
  key: key.configKey,
  description: key.description,
  schemaJson: key.valueSchema === null ? '' : JSON.stringify(key.valueSchema),
  secret: key.isSecret,
  etag: etag(key.version),
});
