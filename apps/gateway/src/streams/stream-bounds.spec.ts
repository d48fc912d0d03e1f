import type { ServerResponse } from 'node:http';

import { anonymous } from '@libs/trusted-headers';
import { Metrics } from '@libs/observability';

import { aRequest, aSnapshot } from '../stages/authenticate/a-request.fixture.js';
import type { Admission } from '../capacity/admission.js';
import { StreamBounds } from './stream-bounds.js';

const alice = { ...anonymous, authMethod: 'jwt', userId: 'alice' } as const;

const bounded = (protection: object) => {
  const left: object[] = [];
  const admission = { leave: (context: object) => void left.push(context) } as unknown as Admission;
  const bounds = new StreamBounds(admission, new Metrics('gateway'));
  const snapshot = aSnapshot({}, { protection });
  const enter = (clientAddress: string, identity: typeof anonymous = anonymous): ServerResponse => {
    const { context, response } = aRequest({ snapshot, clientAddress, identity });
    bounds.enter(context, response);
    return response;
  };
  return { enter, left };
};

describe('StreamBounds', () => {
  it('has no more of one address than it may, and of one IPv6 network', () => {
    const { enter } = bounded({ streamsPerAddress: 1 });
    enter('10.0.0.1');
    expect(() => enter('10.0.0.1')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    enter('2001:db8::1');
    expect(() => enter('2001:db8::2')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  });

  it('has no more of one user than it may, and any number of people whom nobody knows', () => {
    const { enter } = bounded({ streamsPerUser: 1 });
    enter('10.0.0.1', alice);
    expect(() => enter('10.0.0.2', alice)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    enter('10.0.0.3');
    enter('10.0.0.4');
  });

  it.each([{ streamsPerRoute: 1 }, { streams: 1 }])('has no more of all than it may: %j', (protection) => {
    const { enter } = bounded(protection);
    enter('10.0.0.1');
    expect(() => enter('10.0.0.2')).toThrow(expect.objectContaining({ code: 'SERVICE_OVERLOADED' }));
  });

  it('counts a stream until it has ended, and not as a request', () => {
    const { enter, left } = bounded({ streamsPerAddress: 1, streamsPerUser: 1, streamsPerRoute: 1, streams: 1 });
    enter('10.0.0.1', alice).emit('close');
    enter('10.0.0.1', alice);
    expect(() => enter('10.0.0.1', alice)).toThrow();
    expect(left).toHaveLength(2);
  });
});
