import { z } from 'zod';

const document = z
  .union([z.string().min(1), z.looseObject({})])
  .describe('The whole configuration: YAML as text, or an object.');

const signature = {
  author: z.string().trim().min(1).max(200).describe('Who wants it.'),
  reason: z.string().trim().min(1).max(1000).describe('Why.'),
};

export const Candidate = z.strictObject({ document });
export type Candidate = z.infer<typeof Candidate>;

export const NewVersion = z.strictObject({
  document,
  ...signature,
  publish: z.boolean().default(true).describe('false: it is kept, but not in force.'),
});
export type NewVersion = z.infer<typeof NewVersion>;

export const Publication = z.strictObject(signature);
export type Publication = z.infer<typeof Publication>;

export const RollBack = z.strictObject({
  version: z.int().min(1).optional().describe('Absent: the one that was in force before.'),
  ...signature,
});
export type RollBack = z.infer<typeof RollBack>;
