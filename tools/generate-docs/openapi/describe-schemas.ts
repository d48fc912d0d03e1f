import type { Document, Schema } from './document.js';
import { fields } from './fields.js';

const componentPath = '#/components/schemas/';

/** Says of each property what it is and shows one, unless the code does so itself; then shows whole things made of them. */
export function describeSchemas({ components: { schemas } }: Pick<Document, 'components'>): void {
  for (const schema of Object.values(schemas)) describeProperties(schema);
  for (const schema of Object.values(schemas)) schema.examples ??= [exampleOf(schema, schemas)];
}

function describeProperties(schema: Schema): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) describeField(name, property);
  for (const part of [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    describeProperties(part);
  }
  if (schema.items !== undefined) describeProperties(schema.items);
}

/** Also for parameters, which have a schema of their own. */
export function describeField(name: string, schema: Schema): void {
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  // Beside a reference, what stands there is about this use of it.
  if (known?.description !== undefined) schema.description ??= known.description;
  if (schema.description !== undefined) schema.description = sentence(schema.description);
  if (isPlain(schema)) {
    const example = schema.const ?? schema.enum?.[0] ?? known?.example ?? schema.default ?? exampleOfType(schema);
    if (schema.examples === undefined && example !== undefined) schema.examples = [fitted(example, schema)];
  }
  describeProperties(schema);
}

/** Things show what they are made of, and so do lists of them; only what has no parts needs an example. */
export const isPlain = (schema: Schema): boolean =>
  schema.$ref === undefined &&
  schema.properties === undefined &&
  (schema.items === undefined || isPlain(schema.items)) &&
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].every(isPlain);

const exampleOfType = ({ type }: Schema): unknown => (type === 'boolean' ? true : undefined);

/** The same word is the name of one thing here and of several there. */
const fitted = (example: unknown, { type }: Schema): unknown =>
  type === 'array' && !Array.isArray(example) ? [example] : example;

const sentence = (text: string): string => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?`]$/.test(begun) || begun.includes('\n') ? begun : `${begun}.`;
};

export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  if (schema.examples !== undefined) return schema.examples[0];
  if (schema.$ref !== undefined) return exampleOf(schemas[schema.$ref.slice(componentPath.length)] ?? {}, schemas);
  const [choice] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (choice !== undefined) return exampleOf(choice, schemas);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, schemas)));
  if (schema.items !== undefined) return [exampleOf(schema.items, schemas)];
  if (schema.properties === undefined) return schema.const ?? schema.enum?.[0] ?? schema.default ?? {};
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, exampleOf(property, schemas)]),
  );
}
