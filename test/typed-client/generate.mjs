import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/**
 * `node generate.mjs openapi.json api.ts`: what `npx openapi-typescript openapi.json -o api.ts --default-non-nullable=false`
 * writes. It prints by the API of TypeScript 5, which TypeScript 7 does not have: here both are installed.
 */
registerHooks({
  resolve: (name, context, next) => next(name === 'typescript' ? 'typescript-5' : name, context),
});
const { astToString, default: openapiTypes } = await import('openapi-typescript');

const [, , description, types] = process.argv;
const document = JSON.parse(readFileSync(description, 'utf8'));
// Who sends nothing where there is a default has it: fields with one may be left out.
writeFileSync(types, astToString(await openapiTypes(document, { defaultNonNullable: false })));
