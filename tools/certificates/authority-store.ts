import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { type Authority, makeAuthority, readAuthority } from '@libs/certificates';

import { writeWhole } from './write-whole.js';

const dayMs = 86_400_000;
/** Replaced by a new one when half of it is over. */
export const authorityLifetimeMs = 365 * dayMs;

export interface StoredAuthority extends Authority {
  readonly name: string;
}

/** The authorities in FOLDER/authority: a certificate and a key each. */
export class AuthorityStore {
  private readonly folder: string;

  constructor(root: string) {
    this.folder = join(root, 'authority');
    mkdirSync(this.folder, { recursive: true });
  }

  async all(): Promise<StoredAuthority[]> {
    const names = readdirSync(this.folder).flatMap((file) => (file.endsWith('.crt') ? [file.slice(0, -4)] : []));
    return Promise.all(
      names.map(async (name) => {
        const [certificate, privateKey] = [this.read(`${name}.crt`), this.read(`${name}.key`)];
        return { name, ...(await readAuthority({ certificate, privateKey })) };
      }),
    );
  }

  async add(now: number): Promise<void> {
    const made = await makeAuthority('Gatehouse internal', { now, lifetimeMs: authorityLifetimeMs });
    const name = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
    // The key first: an authority counts from the moment its certificate is there.
    writeWhole(join(this.folder, `${name}.key`), made.privateKey, 0o600);
    writeWhole(join(this.folder, `${name}.crt`), made.certificate, 0o644);
  }

  forget({ name }: StoredAuthority): void {
    for (const end of ['crt', 'key']) rmSync(join(this.folder, `${name}.${end}`), { force: true });
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }
}
