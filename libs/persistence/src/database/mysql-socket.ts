import { connect, type Socket } from 'node:net';

import type { ConnectionOptions } from 'mysql2';

import { type Names, names as ownNames } from '@libs/names';

/** How mysql2 opens a connection: as it does by itself, but for where the address comes from. */
export const mysqlSocket =
  (names: Names = ownNames) =>
  ({ config }: { readonly config: ConnectionOptions }): Socket => {
    const { host = 'localhost', port = 3306, enableKeepAlive = true, keepAliveInitialDelay = 0 } = config;
    const keeping = { keepAlive: enableKeepAlive, keepAliveInitialDelay };
    return connect({ host, port, lookup: names.lookup, noDelay: true, ...keeping });
  };
