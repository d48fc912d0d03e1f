import { z } from 'zod';

import { type Peers, readSecret, readSettings, serviceSettings, setting } from '@libs/config';
import { type OwnCertificate, ownCertificateIn } from '@libs/mutual-tls';
import {
  anonymous,
  deriveSealKey,
  type Identity,
  newContext,
  sealIdentity,
  serviceIdentity,
} from '@libs/trusted-headers';

/** The command line options of tools that call a service around the gateway, as `parseArgs` takes them. */
export const operatorOptions = {
  as: { type: 'string', default: 'admin' },
  user: { type: 'string', default: '' },
  tenant: { type: 'string', default: '' },
  roles: { type: 'string', default: '' },
} as const;

export const operatorUsage = `  --as admin|service|user  whose identity is sealed: a platform-admin (the default), a service, or a plain user
  --user ID  --tenant ID   the user and the tenant of that identity
  --roles owner,user       its roles, for --as user`;

type Options = Readonly<Record<keyof typeof operatorOptions, string>>;

const { dataDir, peers, sealKey, tlsCaFile, tlsCertFile, tlsKeyFile } = serviceSettings({
  http: 0,
  grpc: 0,
  management: 0,
});
const Environment = z.object({
  dataDir,
  peers,
  sealKey: sealKey.exactOptional(),
  tlsCaFile,
  tlsCertFile,
  tlsKeyFile,
});

export function identityOf({ as, user, tenant, roles }: Options): Identity {
  const caller: Identity = {
    ...anonymous,
    userId: user,
    userName: 'operator',
    tenantId: tenant,
    active: true,
    authMethod: 'jwt',
  };
  switch (as) {
    case 'admin':
      return { ...caller, roles: ['platform-admin'] };
    case 'user':
      return { ...caller, roles: roles === '' ? [] : roles.split(',') };
    case 'service':
      return serviceIdentity('operator');
    default:
      throw new Error(`--as must be admin, service or user, not ${as}`);
  }
}

/** Where the services are, and SEAL_KEY if it is set, else the key that the embedded platform keeps in its data folder. */
export function operatorKeys(): { sealKey: Buffer; peers: Peers; certificate: OwnCertificate | undefined } {
  const settings = readSettings(Environment);
  const stored = readSecret(settings.dataDir, 'seal-key');
  const master = settings.sealKey ?? (stored === undefined ? undefined : setting.secretKey().parse(stored));
  if (master === undefined)
    throw new Error(`Set SEAL_KEY, or start the platform once: ${settings.dataDir} has no key.`);
  return { sealKey: master, peers: settings.peers, certificate: ownCertificateIn(settings) };
}

export function sealAsOperator(target: { service: string; method: string; path: string }, options: Options) {
  const { sealKey: master, ...keys } = operatorKeys();
  const { requestId, traceId, traceparent } = newContext();
  const { service, ...call } = target;
  const seal = sealIdentity({
    ...call,
    identity: identityOf(options),
    requestId,
    traceId,
    audience: service,
    key: deriveSealKey(master, service),
    now: Date.now(),
  });
  return { headers: { ...seal, traceparent }, ...keys };
}

export const isService = (name: string | undefined): name is keyof Peers =>
  name !== undefined && Object.hasOwn(peers.shape, name);

/** Says in one line what is wrong: a stack trace tells an operator nothing. */
export async function runTool(usage: string, tool: () => number | Promise<number>): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  try {
    process.exitCode = await tool();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 64;
  }
}
