import { z } from 'zod';

import type { Schema } from './document.js';

type Direction = 'input' | 'output';

/**
 * Makes JSON Schema of the schemas of the code. Those with an `id` become components, and one name has one shape: two
 * services that show the same thing must show it alike.
 */
export class NamedSchemas {
  private readonly found = new Map<string, Schema>();

  /** For `standardSchemaConverter` of `SwaggerModule.createDocument`. */
  readonly convert = (schema: unknown, { schemaType }: { schemaType: Direction }): { schema: object } => {
    const {
      $schema: _,
      $defs,
      ...root
    } = z.toJSONSchema(schema as z.ZodType, {
      io: schemaType,
      override: ({ jsonSchema }) => tidy(jsonSchema as Schema, schemaType),
    });
    for (const [name, definition] of Object.entries($defs ?? {})) this.add(name, linked(definition as Schema));
    delete root.$schema;
    return { schema: root };
  };

  get components(): Record<string, Schema> {
    return Object.fromEntries([...this.found].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  private add(name: string, schema: Schema): void {
    const known = this.found.get(name);
    if (known === undefined) this.found.set(name, schema);
    else if (shapeOf(known) !== shapeOf(schema)) throw new Error(`two different things are called ${name}`);
    // What is taken is closed, and what is given may have more one day: of what is both, the stricter is told.
    else if (schema.additionalProperties === false) this.found.set(name, schema);
  }
}

const shapeOf = (schema: Schema): string => JSON.stringify({ ...schema, additionalProperties: undefined });

const linked = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Schema;

/** Formats say it better than the patterns that stand for them, and the limits of a double limit nobody. */
const formatsWithPattern = new Set(['uuid', 'date-time']);

function tidy(schema: Schema, direction: Direction): void {
  if (formatsWithPattern.has(schema.format ?? '') || direction === 'output') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  // Clients must bear fields that are added one day.
  if (direction === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
}
