import { z } from 'zod';

/** An environment variable, and the setting that is read from it. */
export interface Variable {
  readonly path: readonly string[];
  readonly name: string;
  readonly description: string;
  readonly isSecret: boolean;
  readonly schema: z.ZodType;
}

export function variablesOf(schema: z.ZodObject, parents: readonly string[] = []): Variable[] {
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const path = [...parents, key];
    if (field instanceof z.ZodObject) return variablesOf(field, path);
    const layers = layersOf(field as z.ZodType).map((layer) => layer.meta() ?? {});
    return {
      path,
      name: layers.map(({ variable }) => variable).find(Boolean) ?? upperSnake(key),
      description: layers.map(({ description }) => description).find(Boolean) ?? '',
      isSecret: layers.some((layer) => layer.secret === true),
      schema: field as z.ZodType,
    };
  });
}

/** A schema and all that it wraps: `.optional()` and `.default()` hide what is known about it. */
export function layersOf(schema: z.ZodType): z.ZodType[] {
  const { innerType, in: input } = schema.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = innerType ?? input;
  return [schema, ...(inner === undefined ? [] : layersOf(inner))];
}

const upperSnake = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
