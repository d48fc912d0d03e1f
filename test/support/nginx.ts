import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@libs/testing';

export interface Nginx {
  readonly url: string;
  readonly plainUrl: string;
  readonly caFile: string;
  /** The lines that it wrote about what it refused. */
  refusals(): Record<string, unknown>[];
  stop(): Promise<void>;
}

interface NginxOptions {
  readonly gateways: readonly string[];
  /** Who signs their certificates; without it they are spoken to plainly. */
  readonly authority?: string;
  /** What the compose file hands in, or changes of what is written. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly change?: (site: string) => string;
}

/** nginx as the compose stack starts it, all files of deploy/nginx, on free ports, in front of one gateway or several. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const { gateways, authority, environment = {}, change = (site) => site } = options;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-nginx-'));
  const [port, plainPort] = [await freePort(), await freePort()];
  for (const each of ['conf.d', 'tls', 'tmp']) mkdirSync(join(folder, each));
  const caFile = join(folder, 'tls/tls.crt');

  const here = (text: string): string =>
    text
      // In one go: the folder itself is under /tmp.
      .replaceAll(/\/etc\/nginx|\/tmp(?=\/)/g, (place) => (place === '/tmp' ? `${folder}/tmp` : folder))
      .replaceAll('/certificates/ca.crt', authority ?? caFile)
      // They are sockets here, which cannot be opened.
      .replaceAll('/dev/stdout', join(folder, 'said.log'))
      .replaceAll('/dev/stderr', 'stderr');
  const write = (file: string, as: string, edit = (text: string) => text): void =>
    writeFileSync(join(folder, as), edit(here(readFileSync(join('deploy/nginx', file), 'utf8'))));
  write('start.sh', 'start.sh');
  write('refusals.conf', 'refusals.conf');
  write('refusal-texts.conf', 'refusal-texts.conf');
  write('nginx.conf', 'nginx.conf', (frame) =>
    `${process.getuid?.() === 0 ? 'user root;\n' : ''}${frame}`
      .replace('worker_processes auto', 'worker_processes 1')
      .replace('worker_connections 4096', 'worker_connections 512')
      .replace('stderr warn', 'stderr notice'),
  );
  write('gatehouse.conf', 'conf.d/default.conf', (site) =>
    change(
      site
        // A gateway that is gone for a moment is tried again at once: the other one may be the next to go.
        .replace(
          /server gateway:8080 [^;]*;/,
          gateways.map((url) => `server ${new URL(url).host} max_fails=0;`).join(' '),
        )
        .replace('https://gateway', authority === undefined ? 'http://gateway' : 'https://gateway')
        .replace('listen 80 ', `listen 127.0.0.1:${plainPort} `)
        // Debian 12's nginx is older than the directive.
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl http2`)
        .replace(/^\s*http2 on;\n/m, ''),
    ),
  );
  const server = spawn('sh', [join(folder, 'start.sh')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, FOLLOW_SECONDS: '0.1', HTTPS_PORT: String(port), ...environment },
  });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(server, 'exit');

  const stop = async (): Promise<void> => {
    if (server.exitCode === null) server.kill('SIGQUIT');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await listening(port, () => server.exitCode === null);
  } catch {
    await stop();
    throw new Error(`nginx does not listen; it said:\n${said}`);
  }
  const refusals = (): Record<string, unknown>[] => {
    const file = join(folder, 'said.log');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { url: `https://localhost:${port}`, plainUrl: `http://localhost:${plainPort}`, caFile, refusals, stop };
}

async function listening(port: number, isAlive: () => boolean): Promise<void> {
  for (let left = 100; left > 0 && isAlive(); left -= 1) {
    const socket = connect(port, '127.0.0.1');
    const answers = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('not listening');
}
