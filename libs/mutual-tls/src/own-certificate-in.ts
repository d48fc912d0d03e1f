import { SettingsError } from '@libs/config';

import { OwnCertificate } from './own-certificate.js';

export interface TlsSettings {
  readonly tlsCaFile?: string;
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
}

/** The certificate that the settings name; undefined when they name none, and calls stay plain. */
export function ownCertificateIn({ tlsCaFile, tlsCertFile, tlsKeyFile }: TlsSettings): OwnCertificate | undefined {
  const named = { TLS_CA_FILE: tlsCaFile, TLS_CERT_FILE: tlsCertFile, TLS_KEY_FILE: tlsKeyFile };
  const missing = Object.entries(named).flatMap(([variable, file]) => (file === undefined ? [variable] : []));
  if (missing.length === 3) return undefined;
  // Half of it would be no protection, and look as if it were.
  if (tlsCaFile === undefined || tlsCertFile === undefined || tlsKeyFile === undefined) {
    const description = 'TLS_CA_FILE, TLS_CERT_FILE and TLS_KEY_FILE belong together';
    throw new SettingsError(missing.map((variable) => ({ variable, message: 'is required', description })));
  }
  try {
    return new OwnCertificate({ caFile: tlsCaFile, certFile: tlsCertFile, keyFile: tlsKeyFile });
  } catch (error) {
    const message = `cannot be used: ${(error as Error).message}`;
    throw new SettingsError([{ variable: 'TLS_CERT_FILE', message, description: '' }]);
  }
}
