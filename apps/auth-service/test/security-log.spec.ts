import type { LoggerService } from '@nestjs/common';

import { AuditOutboxRow } from '@libs/audit';
import { Database, newId } from '@libs/persistence';
import { anIdentity, until } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { SecurityLog } from '../src/security-events/security-log.js';
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

  it('tells what happened, to whom, and who did it', async () => {
    const identity = anIdentity({ userId: 'user-admin' });
    await runInContext({ ...newContext(), identity }, () =>
      auth.app.get(SecurityLog).note('password.set', { user_id: 'user-alice' }),
    );
    await until(
      () => kept.lines,
      (lines) => lines.length > 0,
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
    const events = (await auth.app.get(Database).manager.find(AuditOutboxRow)).map(({ event }) => event);
    expect(events).toContainEqual(
      expect.objectContaining({
        action: 'session.ended',
        target: session.id,
        outcome: 'done',
        details: { userId, reason: 'refresh-token-reused' },
      }),
    );
    expect(JSON.stringify(events)).not.toContain('gtr_');
  });

  it('writes what was not allowed to the audit trail before it is answered', async () => {
    await auth.app.get(SecurityLog).note('login.failed', { user_id: 'user-alice', client_address: '192.0.2.9' });
    const events = (await auth.app.get(Database).manager.find(AuditOutboxRow)).map(({ event }) => event);
    expect(events).toContainEqual(
      expect.objectContaining({ action: 'login.failed', outcome: 'refused', clientAddress: '192.0.2.9', tenantId: '' }),
    );
  });
});
