import { newId } from '@libs/persistence';

import { RegistrationStore } from '../src/registrations/registration.store.js';
import type { Registration } from '../src/registrations/registration.entity.js';
import { SecurityEventStore } from '../src/security-events/security-event.store.js';
import { RefreshTokenStore } from '../src/sessions/refresh-token.store.js';
import { SessionStore } from '../src/sessions/session.store.js';
import type { AuthModule } from './auth-module.fixture.js';

const many = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 20 }, work));
const opened = { userId: newId(), tenantId: null, amr: ['pwd'], userAgent: '', clientAddress: '' };

/** What only one of many may get, when all of them have seen the same state before: on every engine. */
export function oneWinner(auth: () => AuthModule): void {
  it('gives a refresh token one successor', async () => {
    const tokens = auth().app.get(RefreshTokenStore);
    const { session, refreshToken } = await auth().app.get(SessionStore).open(opened);
    const token = await tokens.find(refreshToken);
    if (token === null) throw new Error('the token is not there');
    const successors = await many(() => tokens.rotate(refreshToken, token, session, null));
    expect(successors.filter((successor) => successor !== undefined)).toEqual([
      await tokens.successorAgain(refreshToken),
    ]);
  });

  it('gives no successor in a session that has ended', async () => {
    const sessions = auth().app.get(SessionStore);
    const tokens = auth().app.get(RefreshTokenStore);
    const { session, refreshToken } = await sessions.open(opened);
    const token = await tokens.find(refreshToken);
    if (token === null) throw new Error('the token is not there');
    await sessions.end(session, 'logout');
    const rotation = tokens.rotate(refreshToken, token, session, null);
    await expect(rotation).rejects.toMatchObject({ code: 'AUTH_REFRESH_REJECTED' });
    expect(await tokens.find(refreshToken)).toMatchObject({ usedAt: null });
  });

  it('ends a session once', async () => {
    const sessions = auth().app.get(SessionStore);
    const { session } = await sessions.open(opened);
    const ended = await many(() => sessions.end(session, 'logout'));
    expect(ended.filter(Boolean)).toHaveLength(1);
  });

  it('takes a user name once, and tells one caller that the registration is finished', async () => {
    const registrations = auth().app.get(RegistrationStore);
    const added = await many(() => registrations.add(aRegistration('alice')));
    expect(added.filter(Boolean)).toHaveLength(1);
    const registration = await registrations.findByName('alice');
    if (registration === null) throw new Error('the registration is not there');
    const finished = await many(() =>
      registrations.finish(registration, { isTaken: false, isLeftInPeace: true, address: '' }),
    );
    expect(finished.filter(Boolean)).toHaveLength(1);
  });

  it('writes down once that an account was opened, when the sweeper and the request finish it at once', async () => {
    const registrations = auth().app.get(RegistrationStore);
    const welcome = { isTaken: false, isLeftInPeace: true, address: '' };
    const both = Array.from({ length: 20 }, (_, number) => aRegistration(`both-${number}`));
    for (const registration of both) await registrations.add(registration);
    const told = await Promise.all(
      both.map(async (registration) => {
        const swept = registrations.finishUntold(registration, welcome);
        const isTold = await registrations.finish(registration, welcome);
        await swept;
        return isTold;
      }),
    );
    expect(told).toEqual(both.map(() => true));
    const events = auth().app.get(SecurityEventStore);
    const noted = await Promise.all(both.map(({ userId }) => events.of(userId).getMany()));
    expect(noted.map((of) => of.map(({ event }) => event))).toEqual(both.map(() => ['account.registered']));
  });
}

const aRegistration = (username: string): Registration => ({
  id: newId(),
  userId: newId(),
  tenantId: newId(),
  username,
  email: `${username}@example.com`,
  displayName: username,
  tenantName: username,
  platformRoles: [],
  passwordHash: 'a hash',
  state: 'pending',
  attempts: 0,
  nextAttemptAt: new Date(Date.now() + 60_000),
  createdAt: new Date(),
});
