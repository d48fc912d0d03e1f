import { ComparedClock } from '@libs/clock';
import { Refusal } from '@libs/errors';
import { MemoryEventBus } from '@libs/events';
import { type GetSessionResponse, SessionStatus } from '@libs/grpc';

import { aRequest } from '../a-request.fixture.js';
import { GrpcSessions } from './grpc-sessions.js';
import type { VerifiedToken } from '../tokens/verified-token.js';

const token: VerifiedToken = {
  subject: 'user-alice',
  userName: '',
  tenantId: '',
  sessionId: 'session-1',
  roles: [],
  scopes: [],
  isCutDown: false,
  isMultiFactor: false,
  mustChangePassword: false,
  expiresAt: 1_000_000,
  endsAt: 1_000_000,
};
const live: GetSessionResponse = { status: SessionStatus.ACTIVE, userId: 'user-alice', tenantId: 'tenant-acme' };
const { context } = aRequest();

describe('GrpcSessions', () => {
  let asked: string[];
  let answer: () => Promise<GetSessionResponse>;
  let bus: MemoryEventBus;
  let sessions: GrpcSessions;

  beforeEach(() => {
    asked = [];
    answer = () => Promise.resolve(live);
    bus = new MemoryEventBus();
    const getSession = ({ sessionId }: { sessionId: string }) => {
      asked.push(sessionId);
      return answer();
    };
    sessions = new GrpcSessions(
      { getSession },
      bus,
      new ComparedClock(5_000, { wall: () => 500_000, monotonic: () => 0 }),
    );
  });
  afterEach(() => sessions.onApplicationShutdown());

  it('vouches for a live session and asks once', async () => {
    expect(await sessions.check(token, context)).toBe(true);
    await sessions.check(token, context);
    expect(asked).toEqual(['session-1']);
  });

  it.each([
    { when: 'has ended', session: { ...live, status: SessionStatus.ENDED } },
    { when: 'is unknown', session: { ...live, status: SessionStatus.UNKNOWN } },
    { when: 'is of a status that is not known here', session: { ...live, status: 99 as SessionStatus } },
    { when: 'is that of another user', session: { ...live, userId: 'user-bob' } },
    { when: 'has expired', session: { ...live, expireTime: new Date(499_999) } },
  ])('refuses when the session $when', async ({ session }) => {
    answer = () => Promise.resolve(session);
    await expect(sessions.check(token, context)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it('refuses a token without a session, and does not ask', async () => {
    await expect(sessions.check({ ...token, sessionId: '' }, context)).rejects.toMatchObject({
      code: 'AUTH_CREDENTIALS_REJECTED',
    });
    expect(asked).toEqual([]);
  });

  it('asks again once it hears that the session has ended', async () => {
    await sessions.check(token, context);
    answer = () => Promise.resolve({ ...live, status: SessionStatus.ENDED });
    await bus.publish({
      topic: 'session.ended',
      key: 'session-1',
      payload: { sessionId: 'session-1', userId: 'user-alice' },
      id: 'event-1',
      time: '2026-01-01T00:00:00Z',
    });
    await expect(sessions.check(token, context)).rejects.toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED' });
  });

  it.each(['SERVICE_UNAVAILABLE', 'SERVICE_TIMEOUT', 'INTERNAL', 'REQUEST_INVALID'] as const)(
    'calls it an outage when auth-service answers %s, and forgets that',
    async (code) => {
      answer = () => Promise.reject(new Refusal(code));
      await expect(sessions.check(token, context)).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        headers: { 'retry-after': '1' },
      });
      answer = () => Promise.resolve(live);
      await sessions.check(token, context);
    },
  );
});
