import type { SecurityEvent } from './security-log.js';

/** Whether the owner of an account is shown what happens. A new event without a decision does not compile. */
const shown: Readonly<Record<SecurityEvent, boolean>> = {
  'account.registered': true,
  'invitation.sent': false,
  'invitation.accepted': true,
  'login.succeeded': true,
  'login.failed': true,
  'guessing.refused': false,
  'password.changed': true,
  'password.change-failed': true,
  'password.forgotten': true,
  'password.reset': true,
  'password.reset-sent': true,
  'password.set': true,
  'password.imported': true,
  'password.rehashed': false,
  'mail-token.unknown': false,
  'email.verified': true,
  'email.change-asked': true,
  'step-up.succeeded': true,
  'step-up.failed': true,
  'totp.added': true,
  'totp.removed': true,
  'recovery-codes.made': true,
  'second-factors.removed': true,
  'passkey.added': true,
  'passkey.removed': true,
  'passkey.refused': false,
  'session.ended': true,
  'refresh-token.unknown': false,
  'api-key.created': true,
  'api-key.changed': true,
  'api-key.rotated': true,
  'api-key.revoked': true,
  'api-key.unknown': false,
  'signing-key.rotated': false,
};

export const isShownToOwner = (event: SecurityEvent): boolean => shown[event];

export const ownerEvents = Object.entries(shown)
  .filter(([, isShown]) => isShown)
  .map(([event]) => event);
