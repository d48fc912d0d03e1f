import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import type { ReportMistake } from '@libs/config';

interface Issuers {
  readonly authentication?: { readonly jwt?: { readonly issuers?: readonly { readonly publicKeyFile?: unknown }[] } };
}

/** Finds files of issuers that hold no key. That a file is not there at all is told by somebody else. */
export function checkPublicKeys(configuration: unknown, report: ReportMistake): void {
  const issuers = (configuration as Issuers | undefined)?.authentication?.jwt?.issuers;
  if (!Array.isArray(issuers)) return;
  (issuers as readonly { readonly publicKeyFile?: unknown }[]).forEach((issuer, index) => {
    const file = issuer?.publicKeyFile;
    if (typeof file !== 'string' || !existsSync(file) || holdsKey(file)) return;
    report(['authentication', 'jwt', 'issuers', index, 'publicKeyFile'], 'holds no public key in PEM');
  });
}

function holdsKey(file: string): boolean {
  try {
    createPublicKey(readFileSync(file));
    return true;
  } catch {
    return false;
  }
}
