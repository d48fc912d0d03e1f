/** Exits 0 when the address answers 2xx within two seconds: the containers' health check, which needs no curl in the image. */
const address = process.argv[2];
if (address === undefined) {
  console.error('usage: probe URL');
  process.exit(64);
}
const answer = await fetch(address, { signal: AbortSignal.timeout(2000) }).catch((error: unknown) => String(error));
if (typeof answer === 'string' || !answer.ok) {
  console.error(typeof answer === 'string' ? answer : `${address} answers ${answer.status}: ${await answer.text()}`);
  process.exit(1);
}
