import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { parse, stringify } from 'yaml';

type WrittenRoute = Readonly<Record<string, unknown>>;

export interface WrittenStack {
  readonly openapi: string;
  readonly addresses: object;
  readonly routes: readonly WrittenRoute[];
}

/** A file with what the whole stack runs, but for one change. `environment` makes gateways read it. */
export class StackConfiguration {
  private readonly folder = mkdtempSync(join(tmpdir(), 'gatehouse-configuration-'));
  readonly environment: { readonly GATEWAY_CONFIG: string };

  constructor(change: (written: WrittenStack) => WrittenStack) {
    const file = join(this.folder, 'gateway.yaml');
    const written = parse(readFileSync('config/gateway.yaml', 'utf8')) as WrittenStack;
    writeFileSync(file, stringify(change({ ...written, openapi: resolve('docs/api/openapi.json') })));
    this.environment = { GATEWAY_CONFIG: file };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** For who asks more often, from one address, than anybody may. */
export const withoutLimits = (written: WrittenStack): WrittenStack => ({
  ...written,
  addresses: {},
  routes: written.routes.map((route) => ({ ...route, rateLimits: [] })),
});
