import { aSealKey } from './identity-builder.js';

/** The same all along: a service that is started again reads what the one before it has stored. */
const encryptionKey = aSealKey().toString('hex');

/** The environment of a service in a test: free ports, keys that nobody knows, and no log. */
export const serviceEnvironment = ({ dataDir, sealKey }: { readonly dataDir: string; readonly sealKey: Buffer }) => ({
  NODE_ENV: 'test',
  HTTP_PORT: '0',
  GRPC_PORT: '0',
  MANAGEMENT_PORT: '0',
  LOG_LEVEL: 'silent',
  DATA_DIR: dataDir,
  SEAL_KEY: sealKey.toString('hex'),
  ENCRYPTION_KEY: encryptionKey,
});
