import 'reflect-metadata';

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Logger } from '@nestjs/common';

import { describeManagement } from '../apps/gateway/src/operate/management/describe-management.js';
import { configurationPage } from './generate-docs/configuration.js';
import { errorsPage } from './generate-docs/errors.js';
import { openapi } from './generate-docs/openapi.js';
import { operationsOf } from './generate-docs/operations.js';
import { withPipeline } from './generate-docs/pipeline.js';
import { routesPage } from './generate-docs/routes.js';

Logger.overrideLogger(false);

/** `npm run generate:docs [folder]`: the references that are derived from the code. */
const folder = process.argv[2] ?? 'docs';
const document = await openapi();
const pages: Record<string, string> = {
  'errors.md': errorsPage(),
  'configuration.md': configurationPage(),
  'api/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'api/management.json': `${JSON.stringify(await describeManagement(), null, 2)}\n`,
  'api/routes.md': routesPage(operationsOf(document)),
};

for (const [name, text] of Object.entries(pages)) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const architecture = 'ARCHITECTURE.md';
if (folder === 'docs') writeFileSync(architecture, withPipeline(readFileSync(architecture, 'utf8')));
