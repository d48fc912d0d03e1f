import { type SealedHeader, sealedHeaders } from './header-names.js';

export const sealLifetimeSeconds = 60;

const components = ['@method', '@path', ...sealedHeaders].map((name) => `"${name}"`).join(' ');

/** The parameters of the one signature that Gatehouse makes; the list of components is never negotiable. */
export const signatureParams = (createdSeconds: number, audience: string): string =>
  `(${components});created=${createdSeconds};expires=${createdSeconds + sealLifetimeSeconds}` +
  `;keyid="${audience}";alg="hmac-sha256";tag="gatehouse"`;

/** What is signed: RFC 9421 §2.5. */
export function signatureBase(
  method: string,
  path: string,
  headers: Readonly<Record<SealedHeader, string>>,
  params: string,
): string {
  let base = `"@method": ${method}\n"@path": ${path}\n`;
  for (const name of sealedHeaders) base += `"${name}": ${headers[name]}\n`;
  return `${base}"@signature-params": ${params}`;
}
