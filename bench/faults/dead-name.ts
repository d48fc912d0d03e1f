import { Agent, request } from 'node:http';

import type { Fault } from './fault.js';

const askers = 50;

/** Of a service, which is asked for all the time: its name server says nothing. The route is in `routesWithDeadName`. */
export const deadName: Fault = {
  name: `one dead name, asked for by ${askers} clients`,
  begin({ stack }) {
    const agent = new Agent({ keepAlive: true, maxSockets: askers });
    const statuses = new Map<number, number>();
    let isOver = false;
    const ask = (from: string): void => {
      if (isOver) return;
      const again = (): unknown => setTimeout(() => ask(from), 50);
      const asking = request(`${stack.url}/dead/name`, { agent, headers: { 'x-forwarded-for': from } }, (answer) => {
        const { statusCode = 0 } = answer;
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        answer.resume().once('end', again);
      });
      asking.on('error', again).end();
    };
    for (let n = 0; n < askers; n += 1) ask(`198.51.100.${n}`);
    return Promise.resolve(() => {
      isOver = true;
      agent.destroy();
      const said = [...statuses].map(([status, times]) => `${times} x ${status}`).join(', ');
      return Promise.resolve(`who asked for it was answered ${said || 'nothing'}`);
    });
  },
};

/** The stack's own routes, and one to a service whose name nobody knows about. */
export const routesWithDeadName = (routes: string): string =>
  routes
    .replace(/^services:\n/m, "services:\n  dead:\n    instances: [{ url: 'http://dead.name.example:80' }]\n")
    .replace(
      /^routes:\n/m,
      'routes:\n  - { id: dead, path: /dead/**, service: dead, access: { authenticated: false } }\n',
    );
