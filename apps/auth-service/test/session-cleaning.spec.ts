import { newId } from '@libs/persistence';

import { RefreshTokenStore } from '../src/sessions/refresh-token.store.js';
import { SessionCleaning } from '../src/sessions/session-cleaning.js';
import { SessionStore } from '../src/sessions/session.store.js';
import { AuthModule } from './auth-module.fixture.js';

const days = 24 * 3_600_000;

let auth: AuthModule;
beforeAll(async () => {
  auth = await AuthModule.start();
});
afterAll(() => auth.stop());

describe('SessionCleaning', () => {
  it('forgets what expired a day ago with its tokens, and nothing that is younger', async () => {
    const sessions = auth.app.get(SessionStore);
    const tokens = auth.app.get(RefreshTokenStore);
    const opened = { userId: newId(), tenantId: null, amr: ['pwd'], userAgent: '', clientAddress: '' };
    const old = await sessions.open(opened);
    auth.clock.advance(14 * days);
    const young = await sessions.open(opened);

    auth.clock.advance(1 * days - 1_000);
    await auth.app.get(SessionCleaning).clean();
    expect(await sessions.find(old.session.id)).not.toBeNull();

    auth.clock.advance(2_000);
    await auth.app.get(SessionCleaning).clean();
    expect(await sessions.find(old.session.id)).toBeNull();
    expect(await tokens.find(old.refreshToken)).toBeNull();
    expect(await sessions.find(young.session.id)).not.toBeNull();
    expect(await tokens.find(young.refreshToken)).not.toBeNull();
  });
});
