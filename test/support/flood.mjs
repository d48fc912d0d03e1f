// Clients that ask again as soon as they are answered, whatever the answer was; with RATE not more often than so many
// times a second, all of them together. A process of its own, and plain JavaScript, so that what it measures is not its
// own slowness. All of them are connected before the first one asks.
// node flood.mjs PORT CONNECTIONS SECONDS [RATE]  →  one line of JSON: how many answers of which status, how long good
// ones and refusals took, in ms, and how late this process itself was, which is a part of all these times
import { once } from 'node:events';
import { connect } from 'node:net';

const [port, connections, seconds, rate = Infinity] = process.argv.slice(2).map(Number);
const ask = Buffer.from('GET /flood HTTP/1.1\r\nHost: flood\r\n\r\n');
const betweenMs = (connections / rate) * 1_000;
/** Not all at the same moment, which no thousand people do. */
const allAskAfterMs = 1_000;
const statuses = {};
const took = { good: [], refused: [] };
const lateness = [];
let withoutRetryAfter = 0;
let broken = 0;

class Client {
  askedAt = 0;
  nextAt = 0;
  text = '';

  constructor() {
    const memory = Buffer.allocUnsafeSlow(4_096);
    const callback = (length) => this.receive(memory.latin1Slice(0, length));
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: memory, callback } });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => broken++);
  }

  ask(now) {
    this.askedAt = now;
    // It keeps its pace: what was late makes the next one no later.
    this.nextAt = Math.max(this.nextAt + betweenMs, now);
    this.socket.write(ask);
  }

  receive(chunk) {
    const text = this.text === '' ? chunk : this.text + chunk;
    const end = text.indexOf('\r\n\r\n');
    const length = end === -1 ? 0 : Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (end === -1 || text.length < end + 4 + length) {
      this.text = text;
      return true;
    }
    this.text = text.slice(end + 4 + length);
    this.count(text);
    return true;
  }

  count(text) {
    const now = performance.now();
    const status = text.slice(9, 12);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === '200') took.good.push(now - this.askedAt);
    if (status === '503') {
      took.refused.push(now - this.askedAt);
      if (!/\r\nretry-after: \d/i.test(text)) withoutRetryAfter++;
    }
    if (now >= this.nextAt) this.ask(now);
    else askAt(this, this.nextAt);
  }
}

/** Who asks in which millisecond. */
const due = new Map();
function askAt(client, at) {
  const slot = Math.ceil(at);
  const others = due.get(slot);
  if (others === undefined) due.set(slot, [client]);
  else others.push(client);
}

const clients = [];
while (clients.length < connections) {
  const some = Array.from({ length: Math.min(100, connections - clients.length) }, () => new Client());
  await Promise.all(some.map(({ socket }) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  clients.push(...some);
}

const begun = performance.now();
clients.forEach((client, n) => {
  client.nextAt = begun + (n / connections) * allAskAfterMs;
  askAt(client, client.nextAt);
});
let lookedAt = begun;
let slot = Math.floor(begun);
setInterval(() => {
  const now = performance.now();
  lateness.push(now - lookedAt - 1);
  lookedAt = now;
  for (; slot <= now; slot++) {
    for (const client of due.get(slot) ?? []) client.ask(now);
    due.delete(slot);
  }
}, 1);

setTimeout(() => {
  const now = performance.now();
  const waiting = clients.filter(({ askedAt, nextAt }) => askedAt > 0 && nextAt > 0 && now - askedAt > 1_000).length;
  const at = (times, share) => Math.round(times[Math.floor(share * times.length)] ?? 0);
  for (const times of [took.good, took.refused, lateness]) times.sort((a, b) => a - b);
  process.stdout.write(
    JSON.stringify({
      statuses,
      withoutRetryAfter,
      broken,
      waiting,
      p50: at(took.good, 0.5),
      p99: at(took.good, 0.99),
      refusedP50: at(took.refused, 0.5),
      refusedP99: at(took.refused, 0.99),
      lateP99: at(lateness, 0.99),
    }),
    () => process.exit(0),
  );
}, seconds * 1_000);
