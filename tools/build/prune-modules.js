/**
 * Takes out of installed packages what no process reads, for the image: types, source maps, documents, and packages that
 * are only there because a peer asks for them. Licences stay.
 *
 *   node tools/build/prune-modules.js node_modules
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Of each, why nothing asks for it. test/image.e2e.ts starts everything without them. */
const unused = [
  // Peers of @nestjs/swagger: for its compiler plugin, and for a page that we do not serve.
  'typescript',
  '@typescript',
  'swagger-ui-dist',
  // For Alpine, and the image is Debian's.
  '@libsql/linux-x64-musl',
  '@libsql/linux-arm64-musl',
];

const isUnread = (name) =>
  /\.(map|md|markdown|flow|tsbuildinfo)$|\.([cm]?ts|tsx)$/i.test(name) && !/^(licen[cs]e|notice|copying)/i.test(name);

const [folder] = process.argv.slice(2);
if (folder === undefined || !existsSync(folder)) {
  console.error('usage: prune-modules FOLDER');
  process.exit(64);
}
for (const name of unused) rmSync(join(folder, name), { recursive: true, force: true });
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && isUnread(entry.name)) rmSync(join(entry.parentPath, entry.name));
}
