// Runs in a container of its own on the stack's network: who is answered, and by which port? One JSON line per knock.
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';

const [folder = '', ...targets] = process.argv.slice(2);
const read = (file) => readFileSync(`${folder}/${file}`);
const certificate = folder === '-' ? {} : { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };

const http = (request, url, options) =>
  new Promise((resolve) => {
    request(url, { ...options, timeout: 3000 }, (answer) => resolve(String(answer.resume().statusCode)))
      .on('timeout', function () {
        this.destroy(new Error('timeout'));
      })
      .on('error', () => resolve('refused'))
      .end();
  });

const grpc = (url, options) =>
  new Promise((resolve) => {
    const session = connectHttp2(url, options);
    session.on('error', () => resolve('refused')).on('close', () => resolve('refused'));
    setTimeout(() => session.destroy(), 3000);
    const stream = session.request({
      ':path': '/grpc.health.v1.Health/Check',
      ':method': 'POST',
      te: 'trailers',
      'content-type': 'application/grpc',
    });
    stream.on('error', () => resolve('refused')).on('response', (headers) => resolve(String(headers[':status'])));
    stream.end(Buffer.alloc(5));
  });

for (const target of targets) {
  const [kind, host, port, path = '/'] = target.split(',');
  const options = { ...certificate, servername: host };
  const answers = {
    plain:
      kind === 'grpc'
        ? await grpc(`http://${host}:${port}`, {})
        : await http(requestPlainly, `http://${host}:${port}${path}`, {}),
    secure:
      kind === 'grpc'
        ? await grpc(`https://${host}:${port}`, { ...options, rejectUnauthorized: folder !== '-' })
        : await http(requestSecurely, `https://${host}:${port}${path}`, {
            ...options,
            rejectUnauthorized: folder !== '-',
          }),
  };
  process.stdout.write(`${JSON.stringify({ target, ...answers })}\n`);
}
