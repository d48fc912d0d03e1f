import { readableLine } from './readable-lines.js';

const readable = readableLine(false);
const line = (entry: object): string => readable(JSON.stringify({ level: 'info', time: 0, ...entry }));

describe('a line for people', () => {
  it('says who speaks and what happened, without the ids', () => {
    const said = line({
      service: 'auth-service',
      context: 'AdminBootstrap',
      msg: 'made the user admin',
      trace_id: 'a1',
    });
    expect(said).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: auth-service AdminBootstrap: made the user admin\n$/);
  });

  it('keeps what else is known, on the same line', () => {
    expect(line({ service: 'gateway', msg: 'started', http: 'http://localhost:8080' })).toContain(
      'gateway: started {"http":"http://localhost:8080"}\n',
    );
  });

  it('counts what is a long list', () => {
    expect(line({ service: 'gateway', msg: 'migrated', changes: ['a', 'b', 'c', 'd'], few: ['x'] })).toContain(
      '{"changes":4,"few":["x"]}',
    );
  });

  it('tells a request in the order in which one reads it', () => {
    const request = { service: 'gateway', method: 'GET', path: '/projects', status: 200, latency_ms: 3.1 };
    const facts = { request_id: 'r1', route: 'projects', tenant_id: '', user_id: 'u1', flag: '' };
    expect(line({ ...request, ...facts })).toContain('gateway: GET /projects 200 in 3.1 ms {"user_id":"u1"}\n');
  });

  it('shows where an error came from', () => {
    const err = { type: 'Error', message: 'gone', stack: 'Error: gone\n    at here' };
    expect(line({ level: 'error', service: 'gateway', msg: 'failed', err })).toContain('Error: gone');
  });

  it('leaves alone what is no line of the log', () => expect(readable('Gatehouse is open')).toBe('Gatehouse is open'));
});
