import type { X509Certificate } from 'node:crypto';

const prefix = 'spiffe://gatehouse/';

/** How a service is named in its certificate, as SPIFFE has it. */
export const identityUri = (service: string): string => `${prefix}${service}`;

/**
 * Whose certificate it is; undefined if it names nobody of ours. It has been verified by then: this only reads.
 * A name with a quote in it is one that was made to look like two.
 */
export function identityIn(certificate: Pick<X509Certificate, 'subjectAltName'> | undefined): string | undefined {
  const names = certificate?.subjectAltName ?? '';
  if (names.includes('"')) return undefined;
  const uris = names.split(', ').filter((name) => name.startsWith('URI:'));
  const [uri = ''] = uris;
  return uris.length === 1 && uri.startsWith(`URI:${prefix}`) ? uri.slice(`URI:${prefix}`.length) : undefined;
}
