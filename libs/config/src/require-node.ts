/** What undici and Nest ask for. `npm ci` brings a newer one into node_modules, where npm scripts find it first. */
const oldest = [22, 19] as const;

/** What `requireNode` needs of `process`. */
interface Host {
  readonly version: string;
  readonly execPath: string;
  readonly stderr: { write(text: string): unknown };
  exit(code: number): void;
}

/**
 * Ends a process that runs on too old a Node.js, with a sentence instead of the syntax error that would follow. Call it
 * before anything is imported that an older one cannot load.
 */
export function requireNode(host: Host = process): void {
  const [major = 0, minor = 0] = host.version.slice(1).split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  host.stderr.write(
    `Gatehouse runs on Node.js ${oldest.join('.')} or newer, and ${host.execPath} is ${host.version}. ` +
      'After `npm ci` there is one in node_modules/.bin, which `npm start` and all other npm scripts take by themselves.\n',
  );
  host.exit(78);
}
