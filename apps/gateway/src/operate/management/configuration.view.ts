import { z } from 'zod';

import { sourceKinds } from '../../settings/source-kind.js';

const Mistake = z
  .object({ line: z.int(), column: z.int(), path: z.string(), message: z.string() })
  .meta({ id: 'Mistake', description: 'Lines and columns count from 1; 0 where the place is not known.' });

export const ConfigurationView = z
  .object({
    source: z.enum([...sourceKinds, 'fixed']),
    version: z.string().describe('The number of a version, or a digest of the text.'),
    place: z.string(),
    since: z.iso.datetime(),
    failure: z
      .object({
        kind: z.enum(['invalid', 'unreachable']),
        message: z.string(),
        since: z.iso.datetime(),
        mistakes: z.array(Mistake),
      })
      .nullable()
      .describe('Why the source is bad and the last good configuration goes on; null while it is good.'),
    discoveryFailures: z.record(z.string(), z.string()).describe('By service: why its instances cannot be found.'),
    pendingRestart: z.array(z.string()).describe('Sections that go into force with the next start only.'),
    doubts: z.array(Mistake).describe('Options that contradict each other, or do nothing: what `check` names.'),
    configuration: z.looseObject({}).describe('As written, with all defaults; without secrets.'),
  })
  .meta({ id: 'Configuration' });
export type ConfigurationView = z.infer<typeof ConfigurationView>;

export const ValidationView = z
  .object({
    valid: z.boolean(),
    mistakes: z.array(Mistake),
    doubts: z
      .array(Mistake)
      .describe('Options that contradict each other, or do nothing. It goes into force all the same.'),
  })
  .meta({ id: 'ConfigurationValidation' });
export type ValidationView = z.infer<typeof ValidationView>;

export const DiffView = z
  .object({
    changes: z.array(
      z.object({
        path: z.array(z.string()),
        kind: z.enum(['added', 'removed', 'changed']),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    ),
  })
  .meta({ id: 'ConfigurationDiff' });
export type DiffView = z.infer<typeof DiffView>;
