import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { Fault } from './fault.js';

const count = 1_000;

/** One client, at one address, that announces bodies and sends none. */
export const silentRequests: Fault = {
  name: `one client with ${count} silent requests`,
  async begin({ stack }) {
    const { port } = new URL(stack.url);
    const sockets: Socket[] = [];
    let ended = 0;
    for (let n = 0; n < count; n += 1) {
      const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: '127.0.0.2' });
      socket.on('error', () => undefined).on('close', () => (ended += 1));
      socket.resume();
      sockets.push(socket);
      await once(socket, 'connect');
      socket.write('POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n');
    }
    return () => {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve(`${ended} of its connections had been ended by then`);
    };
  },
};
