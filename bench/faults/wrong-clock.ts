import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { freePort } from '@libs/testing';

import { registerCaller } from '../client/people.js';
import { ownDist } from '../subjects/gateway.js';
import type { Fault } from './fault.js';

const minutes = 20;

/** A module that moves the wall clock of the process which loads it first. */
const moved = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  const off = ${minutes * 60_000};
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length > 0) super(...given); else super(Real.now() + off); }
    static now() { return Real.now() + off; }
  };
`)}`;

/** Of a second gateway, whose clock is fast. What its own clients are told is said beside the table. */
export const wrongClock: Fault = {
  name: `a second gateway whose clock is ${minutes} min fast`,
  async begin({ stack, workshop, certificates }) {
    const caller = await registerCaller(stack.url);
    const management = await freePort();
    const { url } = await workshop.start('gateway-2', ({ port, folder }) => ({
      program: process.execPath,
      args: ['--import', moved, join(ownDist, 'apps/gateway/src/main.js')],
      env: {
        ...stack.environment,
        TLS_CA_FILE: join(certificates, 'gateway/ca.crt'),
        TLS_CERT_FILE: join(certificates, 'gateway/tls.crt'),
        TLS_KEY_FILE: join(certificates, 'gateway/tls.key'),
        GATEWAY_PORT: String(port),
        GATEWAY_MANAGEMENT_PORT: String(management),
        DATA_DIR: folder,
      },
    }));
    const statuses = new Map<string, number>();
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        for (const path of ['/projects', '/ready']) {
          const answer = await fetch(url + path, { headers: { authorization: `Bearer ${caller.token}` } });
          await answer.arrayBuffer();
          const what = `${path} ${answer.status}`;
          statuses.set(what, (statuses.get(what) ?? 0) + 1);
        }
        await wait(50);
      }
    })();
    return async () => {
      isOver = true;
      await asking;
      return `that gateway itself answered ${[...statuses].map(([what, times]) => `${times} x ${what}`).join(', ')}`;
    };
  },
};
