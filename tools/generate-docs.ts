import 'reflect-metadata';

import { writeFileSync } from 'node:fs';

import { errorsPage } from './generate-docs/errors.js';
import { openapi } from './generate-docs/openapi.js';

/** `npm run generate:docs`: the references that are derived from the code. */
const pages: Record<string, string> = {
  'docs/errors.md': errorsPage(),
  'docs/api/openapi.json': `${JSON.stringify(await openapi(), null, 2)}\n`,
};

for (const [file, text] of Object.entries(pages)) writeFileSync(file, text);
