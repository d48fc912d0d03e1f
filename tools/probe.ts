/** Exits 0 when the address answers 2xx within two seconds: the containers' health check, which needs no curl in the image. */
import { get as getPlainly } from 'node:http';
import { get as getSecurely } from 'node:https';

const address = process.argv[2];
if (address === undefined || !URL.canParse(address)) {
  console.error('usage: probe URL\n\nExits 0 when the address answers 2xx within two seconds, else 1.');
  process.exit(address === '--help' ? 0 : 64);
}

const fail = (reason: string): never => {
  console.error(reason);
  process.exit(1);
};
const options = {
  signal: AbortSignal.timeout(2000),
  // It asks its own container, by an address that no certificate names, and reads nothing but up or down.
  rejectUnauthorized: false,
};
const get = address.startsWith('https:') ? getSecurely : getPlainly;
get(address, options, (answer) => {
  const { statusCode = 0 } = answer;
  const said: Buffer[] = [];
  answer.on('data', (bytes: Buffer) => said.push(bytes));
  answer.on('end', () => {
    if (statusCode < 200 || statusCode > 299) fail(`${address} answers ${statusCode}: ${Buffer.concat(said)}`);
    process.exit(0);
  });
}).on('error', (error) => fail(String(error)));
