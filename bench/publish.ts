import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'bench/results';

/** Shows a report and keeps it. */
export function publish(name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  writeFileSync(join(folder, `${time}-${name}.md`), text);
  process.stdout.write(text);
}
