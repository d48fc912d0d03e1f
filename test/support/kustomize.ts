import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { built } from './built.js';

// oxlint-disable-next-line typescript/no-explicit-any -- a manifest is of many shapes, and the schemas check it
export type Manifest = any;

/** Everything that `kubectl apply -k deploy/k8s/overlays/<overlay>` would send, with secrets made for the occasion. */
export function render(overlay: string): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-k8s-'));
  try {
    cpSync('deploy/k8s', folder, { recursive: true, filter: (file) => !/overlays\/\w+\/secrets/.test(file) });
    const secrets = join(folder, 'overlays/single/secrets');
    execFileSync(process.execPath, [built('tools/make-stack-secrets.js'), secrets], { stdio: 'pipe' });
    const text = execFileSync('kubectl', ['kustomize', join(folder, 'overlays', overlay)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 16 * 1024 ** 2,
    });
    return parseAllDocuments(text).map((document) => unfolded(document.toJS()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Long secrets are written in several lines, which base64 does not count. */
function unfolded(manifest: Manifest): Manifest {
  if (manifest.kind !== 'Secret') return manifest;
  const data = Object.entries(manifest.data as Record<string, string>).map(([key, text]) => [
    key,
    text.replaceAll(/\s/g, ''),
  ]);
  return { ...manifest, data: Object.fromEntries(data) };
}
