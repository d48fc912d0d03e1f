// Clients that ask again as soon as they are answered, whatever the answer was. A process of its own, and plain
// JavaScript, so that what it measures is not its own slowness.
// node flood.mjs PORT CONNECTIONS SECONDS  →  one line of JSON: how many answers of which status, and how long good ones took
import { connect } from 'node:net';

const [port, connections, seconds] = process.argv.slice(2).map(Number);
const ask = Buffer.from('GET /flood HTTP/1.1\r\nHost: flood\r\n\r\n');
const statuses = {};
const tookMs = [];
let withoutRetryAfter = 0;
let broken = 0;

for (let n = 0; n < connections; n++) {
  const socket = connect(port, '127.0.0.1');
  let askedAt = 0;
  const send = () => {
    askedAt = performance.now();
    socket.write(ask);
  };
  let text = '';
  socket.setEncoding('latin1');
  socket.on('connect', send);
  socket.on('error', () => undefined);
  socket.on('close', () => broken++);
  socket.on('data', (chunk) => {
    text += chunk;
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < end + 4 + length) return;
    const status = text.slice(9, 12);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === '200') tookMs.push(performance.now() - askedAt);
    if (status === '503' && !/\r\nretry-after: \d/i.test(text)) withoutRetryAfter++;
    text = text.slice(end + 4 + length);
    send();
  });
}

setTimeout(() => {
  tookMs.sort((a, b) => a - b);
  const at = (share) => Math.round(tookMs[Math.floor(share * tookMs.length)] ?? 0);
  process.stdout.write(
    JSON.stringify({ statuses, withoutRetryAfter, broken, p50: at(0.5), p99: at(0.99), worst: at(0.999999) }),
  );
  process.exit(0);
}, seconds * 1_000);
