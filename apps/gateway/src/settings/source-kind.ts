/** Where the configuration of a gateway may come from. */
export const sourceKinds = ['file', 'database', 'nacos'] as const;
export type SourceKind = (typeof sourceKinds)[number];
