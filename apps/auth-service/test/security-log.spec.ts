import type { LoggerService } from '@nestjs/common';

import { newId } from '@libs/persistence';
import { anIdentity } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { SecurityLog } from '../src/security-log.js';
import { RefreshTokenStore } from '../src/sessions/refresh-token.store.js';
import { RefreshService } from '../src/sessions/refresh.service.js';
import { SessionStore } from '../src/sessions/session.store.js';
import { AuthModule } from './auth-module.fixture.js';

class KeptLines implements LoggerService {
  readonly lines: unknown[] = [];
  log(line: unknown): void {
    this.lines.push(line);
  }
  error(): void {}
  warn(): void {}
}

describe('the security log', () => {
  const kept = new KeptLines();
  let auth: AuthModule;
  beforeAll(async () => {
    auth = await AuthModule.start();
    auth.app.useLogger(kept);
  });
  afterAll(() => auth.stop());

  it('tells what happened, to whom, and who did it', () => {
    const identity = anIdentity({ userId: 'user-admin' });
    runInContext({ ...newContext(), identity }, () =>
      auth.app.get(SecurityLog).note('password.set', { user_id: 'user-alice' }),
    );
    expect(kept.lines).toContainEqual({
      msg: 'security',
      event: 'password.set',
      actor_id: 'user-admin',
      actor_method: 'jwt',
      user_id: 'user-alice',
    });
  });

  it('tells of a refresh token that came again, without the token', async () => {
    const [userId, clientAddress] = [newId(), '192.0.2.1'];
    const opened = { userId, tenantId: null, amr: ['pwd'], userAgent: '', clientAddress };
    const { session, refreshToken } = await auth.app.get(SessionStore).open(opened);
    const tokens = auth.app.get(RefreshTokenStore);
    const token = await tokens.find(refreshToken);
    if (token === null) throw new Error('the token is not there');
    await tokens.rotate(refreshToken, token, session, null);
    auth.clock.advance(30_001);
    const refresh = () => auth.app.get(RefreshService).refresh(refreshToken, { userAgent: '', address: clientAddress });
    await expect(refresh()).rejects.toMatchObject({ code: 'AUTH_REFRESH_REJECTED' });
    const ended = { event: 'session.ended', user_id: userId, session_id: session.id, reason: 'refresh-token-reused' };
    expect(kept.lines).toContainEqual(expect.objectContaining(ended));
    expect(JSON.stringify(kept.lines)).not.toContain('gtr_');
  });
});
