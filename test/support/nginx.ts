import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@libs/testing';

export interface Nginx {
  readonly url: string;
  readonly plainUrl: string;
  readonly caFile: string;
  stop(): Promise<void>;
}

/** nginx with the compose stack's own configuration, on free ports, in front of one gateway or several. */
export async function startNginx(...gatewayUrls: readonly string[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-nginx-'));
  const [port, plainPort] = [await freePort(), await freePort()];
  const caFile = join(folder, 'tls.crt');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const keyFile = join(folder, 'tls.key');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', ...subject, '-keyout', keyFile, '-out', caFile], { stdio: 'pipe' }); // prettier-ignore

  const site = readFileSync('deploy/nginx/gatehouse.conf', 'utf8')
    // A gateway that is gone for a moment is tried again at once: the other one may be the next to go.
    .replace(
      /server gateway:8080 [^;]*;/,
      gatewayUrls.map((url) => `server ${new URL(url).host} max_fails=0;`).join(' '),
    )
    .replace('listen 80 ', `listen 127.0.0.1:${plainPort} `)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replaceAll('/etc/nginx/tls', folder)
    // Debian 12's nginx is older than the directive.
    .replace(/^\s*http2 on;\n/m, '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`);
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(
    configuration,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr notice;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 512; }
http { access_log off; ${temporary.join(' ')}
${site}
}`,
  );
  const server = spawn('nginx', ['-p', folder, '-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
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
  return { url: `https://localhost:${port}`, plainUrl: `http://localhost:${plainPort}`, caFile, stop };
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
