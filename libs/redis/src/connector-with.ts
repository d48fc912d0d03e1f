import { createConnection, type LookupFunction } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

import { AbstractConnector, type RedisOptions } from 'ioredis';

/** How ioredis opens connections to one server. Its own way takes no other `lookup` than the one of the system. */
export const connectorWith = (lookup: LookupFunction) =>
  class extends AbstractConnector {
    private readonly options: RedisOptions;

    constructor(options: unknown) {
      super((options as RedisOptions).disconnectTimeout ?? 0);
      this.options = options as RedisOptions;
    }

    override async connect() {
      const { host = '127.0.0.1', port = 6379, tls } = this.options;
      this.connecting = true;
      // Whoever disconnects in the same tick is heard.
      await new Promise((resolve) => process.nextTick(resolve));
      if (!this.connecting) throw new Error('the connection is closed before it was opened');
      const to = { host, port, lookup };
      // `true` comes of `rediss://`.
      const secured: ConnectionOptions | undefined = tls && { ...to, ...(typeof tls === 'object' ? tls : {}) };
      this.stream = secured === undefined ? createConnection(to) : connectTls(secured);
      this.stream.once('error', (error) => (this.firstError = error));
      return this.stream;
    }
  };
