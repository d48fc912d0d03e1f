import type { HeaderChangesConfig } from '../../configuration/schema/header-changes.schema.js';
import { spelling } from '../../http/header-rules.js';

/** Changes to header fields, compiled: what is taken away, and what stands there in the end. */
export class HeaderChanges {
  private constructor(
    private readonly removed: ReadonlySet<string>,
    /** Name, value, name, value. Names in lower case. */
    readonly added: readonly string[],
  ) {}

  /** Undefined if there is nothing to do. */
  static from({ set, add, remove }: HeaderChangesConfig): HeaderChanges | undefined {
    const removed = new Set([...remove, ...Object.keys(set)].map(spelling));
    const added = [...Object.entries(set), ...Object.entries(add)].flatMap(([name, value]) => [
      name.toLowerCase(),
      value,
    ]);
    return removed.size === 0 && added.length === 0 ? undefined : new HeaderChanges(removed, added);
  }

  /** In any spelling: services that turn names into variables cannot tell `X_Plan` from `X-Plan`. */
  removes(name: string): boolean {
    return this.removed.has(spelling(name));
  }
}
