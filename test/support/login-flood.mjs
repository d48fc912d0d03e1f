// Logins at a steady rate, whether or not the ones before are answered, each of another name and from another address. A
// process of its own, and plain JavaScript, so that what it measures is not its own slowness.
// node login-flood.mjs PORT RATE SECONDS  →  one line of JSON: how many answers of which status
import { Agent, request } from 'node:http';

const [port, rate, seconds] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
const statuses = {};
let withoutRetryAfter = 0;
let sent = 0;

const count = (status) => (statuses[status] = (statuses[status] ?? 0) + 1);
const login = () => {
  const n = sent++;
  const body = JSON.stringify({ login: `flood-${process.pid}-${n}`, password: 'not the password' });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-forwarded-for': `198.${18 + ((n >> 16) & 1)}.${(n >> 8) & 255}.${n & 255}`,
  };
  request({ port, method: 'POST', path: '/auth/login', agent, headers }, (answer) => {
    count(answer.statusCode);
    if ([429, 503].includes(answer.statusCode) && !/^\d+$/.test(answer.headers['retry-after'] ?? ''))
      withoutRetryAfter++;
    answer.resume();
  })
    .on('error', () => count('broken'))
    .end(body);
};

const startedAt = performance.now();
const timer = setInterval(() => {
  const elapsed = Math.min(performance.now() - startedAt, seconds * 1_000);
  while (sent < (elapsed / 1_000) * rate) login();
  if (elapsed < seconds * 1_000) return;
  clearInterval(timer);
  process.stdout.write(JSON.stringify({ sent, statuses, withoutRetryAfter }));
  process.exit(0);
}, 5);
