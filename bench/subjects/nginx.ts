import { requireProgram } from './programs.js';
import type { Place, Started, Workshop } from './workshop.js';

/** A bare reverse proxy: no log, connections to the upstream server kept open. */
export const startNginx = (workshop: Workshop, upstreamUrl: string): Promise<Started> =>
  startServer(
    workshop,
    'nginx',
    ({ port }) => `
    upstream answers { server ${new URL(upstreamUrl).host}; keepalive 64; keepalive_requests 1000000; }
    server {
      listen 127.0.0.1:${port};
      location / { proxy_pass http://answers; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }`,
  );

const answer = '{"id":"0198c1a2-7e4f-7c3b-9a51-0d2f6b1e8c44","name":"bench","status":"active"}';

/** What stands behind every proxy: the same short answer to everything, on each of these addresses. */
export const startUpstream = (workshop: Workshop, hosts: readonly string[]): Promise<Started> =>
  startServer(
    workshop,
    'upstream',
    ({ port }) => `
    large_client_header_buffers 4 16k;
    server {
      ${['127.0.0.1', ...hosts].map((host) => `listen ${host}:${port};`).join('\n')}
      location / { default_type application/json; return 200 '${answer}'; }
    }`,
  );

const startServer = (workshop: Workshop, name: string, site: (place: Place) => string): Promise<Started> =>
  workshop.start(name, (place) => {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${place.folder};`,
    );
    const file = place.write(
      'nginx.conf',
      `daemon off; worker_processes 1; pid ${place.folder}/pid; error_log stderr warn;
      events { worker_connections 4096; }
      http { access_log off; keepalive_requests 1000000; ${temporary.join(' ')} ${site(place)} }`,
    );
    return { program: requireProgram('nginx'), args: ['-p', place.folder, '-c', file] };
  });
