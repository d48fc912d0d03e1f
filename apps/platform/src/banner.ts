import type { RunningService } from '@libs/service';

import type { NewAdmin } from './secrets.js';

interface Facts {
  readonly gateway: RunningService;
  readonly services: readonly RunningService[];
  readonly storage: string;
  readonly state: string;
  /** Where letters to people go. */
  readonly mail: string;
  /** Undefined once it was shown. */
  readonly newAdmin: NewAdmin | undefined;
}

/** What runs where, and what to try next: the first thing that a newcomer reads. */
export function banner({ gateway, services, storage, state, mail, newAdmin }: Facts): string {
  const lines = [
    '',
    `Gatehouse is open at ${gateway.http}`,
    '',
    row('gateway', gateway.http, '', gateway.management),
    ...services.map(({ name, http, grpc, management }) => row(name, http, `grpc ${grpc}`, management)),
    '',
    `  storage  ${storage}`,
    `  state    ${state}`,
    `  mail     ${mail}`,
    ...(newAdmin === undefined
      ? []
      : [
          '',
          `  The user admin was made, with the password ${newAdmin.password}`,
          `  It is shown this once, and kept in ${newAdmin.file}. It opens nothing else before it is changed: POST /auth/password.`,
        ]),
    '',
    'Try next, in another terminal:',
    '',
    `  curl ${gateway.http}/public/status`,
    `  curl ${gateway.http}/auth/register -H 'content-type: application/json' \\`,
    `    -d '{"username":"alice","email":"alice@example.com","password":"correct horse battery"}'`,
    '',
    'README.md goes on from there. Ctrl-C stops everything.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

const row = (name: string, http: string, grpc: string, management: string): string =>
  `  ${name.padEnd(16)} ${http.padEnd(24)} ${grpc.padEnd(22)} management ${management}`;
