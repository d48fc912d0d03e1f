interface Field {
  readonly description?: string;
  readonly example?: unknown;
}

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const time = '2026-01-31T12:00:00.000Z';
const later = '2026-02-28T12:00:00.000Z';
const bytes = 'bGlnaHRob3VzZQ';
const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/**
 * What a field of this name is wherever the code says nothing about it, and an example. One name means one thing in the
 * whole API; where it does not, the schema says what it means there.
 */
export const fields: Readonly<Record<string, Field>> = {
  // Of most things
  id: { description: 'The id (UUIDv7).', example: id },
  name: { description: 'How people call it.', example: 'Lighthouse' },
  description: { description: 'More about it, for people.', example: 'The lamp on the rock.' },
  status: { description: 'What state it is in.' },
  createdAt: { description: 'When it was made.', example: time },
  updatedAt: { description: 'When it was changed last.', example: time },
  expiresAt: { description: 'When it ends.', example: later },
  lastUsedAt: { description: 'When it was used last.', example: time },
  time: { description: 'When it happened.', example: time },
  items: { description: 'Of this page.' },
  nextPageToken: { description: '`pageToken` of the next page; empty at the end of the list.', example: '' },
  pageToken: { example: 'WyJrM1p4Il0' },
  total: { description: 'How many there are.', example: 3 },
  role: { description: 'What they may do: `owner`, `admin`, `member`, or a role of the tenant.', example: 'member' },
  type: { description: 'Of which kind it is.' },

  // Who
  user: { description: 'The user.' },
  userId: { description: 'The id of the user.', example: id },
  username: { description: 'By which the user logs in.', example: 'alice' },
  email: { description: 'The e-mail address.', example: 'alice@example.com' },
  emailVerified: { description: 'Whether the owner has confirmed the address.', example: true },
  pendingEmail: { description: 'The address that waits to be confirmed.', example: 'alice@example.org' },
  displayName: { description: 'The name that others see.', example: 'Alice' },
  platformRoles: { description: 'What the user may do for the whole platform.', example: ['platform-admin'] },
  defaultTenantId: { description: 'The tenant that a login without any other choice leads to.', example: id },
  tenant: { description: 'The tenant; null for who works in none.' },
  tenantId: { description: 'The id of the tenant.', example: id },
  tenantName: { description: 'The name of the tenant.', example: 'Acme' },
  requireSecondFactor: {
    description: 'Whether whoever acts in the tenant must have shown a second factor.',
    example: false,
  },
  roles: { description: 'What the caller may do in the tenant.', example: ['owner'] },
  permissions: { description: 'What the role allows, as `resource:action`.', example: ['projects:write'] },
  invitationId: { description: 'The id of the invitation.', example: id },
  invitedById: { description: 'The id of the user who invites.', example: id },

  event: { description: 'What has happened.' },
  subject: { example: id },

  // Proving it
  login: { example: 'alice' },
  password: { description: 'The password.', example: 'a horse of another colour' },
  currentPassword: { description: 'The password until now.', example: 'a horse of another colour' },
  newPassword: { description: 'The password from now on.', example: 'another horse entirely' },
  token: { example: 'gtm_0Zk3v7Xb1cQw' },
  accessToken: {
    description: 'To be sent as `Authorization: Bearer …`.',
    example: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln',
  },
  tokenType: { description: 'How the access token is sent.' },
  expiresIn: { example: 900 },
  refreshToken: { description: 'What new tokens are given for.', example: 'gtr_Zk3v7Xb1cQw' },
  session: { description: 'The session of this request.' },
  sessionId: { description: 'The id of the session.', example: id },
  current: { example: true },
  userAgent: { description: 'What the client called itself.', example: 'Mozilla/5.0' },
  clientAddress: { description: 'The address of the client.', example: '192.0.2.7' },
  verified: { example: true },
  verifiedAt: { description: 'When the address was confirmed.', example: time },
  challenge: { description: 'What the authenticator signs.', example: bytes },
  totp: { description: 'The code that the authenticator app shows, or the app itself.', example: '492039' },
  code: { example: '492039' },
  recoveryCode: { example: 'k7mq-2wxd-9rtp-4hzc-8vbn-3sfy' },
  recoveryCodes: { example: ['k7mq-2wxd-9rtp-4hzc-8vbn-3sfy'] },
  recoveryCodesLeft: { description: 'How many recovery codes are unused.', example: 10 },
  passkeys: { description: 'How many passkeys there are.', example: 1 },
  confirmedAt: { description: 'When it was confirmed.', example: time },
  secret: { example: 'JBSWY3DPEHPK3PXP' },
  uri: { example: 'otpauth://totp/Gatehouse:alice?secret=JBSWY3DPEHPK3PXP&issuer=Gatehouse' },
  synchronised: { example: true },

  // Authenticators (WebAuthn)
  options: { description: 'For `PublicKeyCredential.parse…OptionsFromJSON`.' },
  response: { description: 'What the authenticator has answered.' },
  rawId: { description: 'The id of the passkey, in base64url.', example: bytes },
  clientDataJSON: { description: 'In base64url.', example: bytes },
  authenticatorData: { description: 'In base64url.', example: bytes },
  attestationObject: { description: 'In base64url.', example: bytes },
  signature: { description: 'In base64url.', example: bytes },
  userHandle: { description: 'In base64url.', example: bytes },
  transports: { description: 'By which ways the authenticator is reached.', example: ['internal'] },
  clientExtensionResults: { description: 'What extensions have answered.', example: {} },

  // API keys
  key: { example: 'gth_live_4f9Zk3v7Xb1cQw' },
  hint: { example: 'gth_live_4f9Z' },
  scopes: { description: 'What the key may do at most.', example: ['projects:read'] },
  allowedAddresses: { description: 'From where the key may be used; empty for everywhere.', example: ['192.0.2.0/24'] },
  limits: { description: 'How often the key may be used.' },
  requests: { description: 'How many requests in a window.', example: 1000 },
  windowSeconds: { description: 'How long a window is.', example: 60 },
  lastUsedAddress: { description: 'From where it was used last.', example: '192.0.2.7' },
  previousKeyUntil: { example: later },
  graceSeconds: { example: 86_400 },

  // Public keys (RFC 7517)
  keys: { description: 'The public keys; a token names one by `kid`.' },
  kty: { description: 'The kind of key.' },
  alg: { description: 'The algorithm that it verifies.' },
  crv: { description: 'The curve.' },
  use: { description: 'It verifies signatures.' },
  kid: { description: 'The id of the key.', example: id },
  n: { description: 'The modulus, in base64url.', example: bytes },
  e: { description: 'The exponent, in base64url.', example: 'AQAB' },
  x: { description: 'The first coordinate, in base64url.', example: bytes },
  y: { description: 'The second coordinate, in base64url.', example: bytes },

  // Projects and instances
  projectId: { description: 'The id of the project.', example: id },
  ownerId: { description: 'The id of the owner.', example: id },
  creatorId: { description: 'The id of the user who made it.', example: id },
  flavor: { description: 'How large the instance is.', example: 'small' },
  image: { description: 'What the instance starts from.', example: 'debian-13' },
  statusReason: { example: '' },
  projects: { description: 'The projects.' },
  members: { description: 'The members.' },
  instances: { description: 'The instances.' },
  recent: { description: 'The projects that were changed last.' },
  partial: { example: [] },
  active: { description: 'How many are active.', example: 2 },
  archived: { description: 'How many are archived.', example: 1 },
  byStatus: { description: 'How many are in each state.', example: { running: 2 } },

  // The audit trail
  sequence: { example: 1 },
  service: { description: 'Where it was done.', example: 'project-service' },
  action: { example: 'project.created' },
  target: { description: 'The id of what it was done to.', example: id },
  outcome: { description: 'Whether it was done.' },
  reason: { description: 'The code of the refusal; empty for what was done.', example: '' },
  actorId: { example: id },
  actorMethod: { description: 'How the actor proved who they are.', example: 'jwt' },
  apiKeyId: { description: 'The id of the API key; empty for none.', example: '' },
  requestId: { description: 'The id of the request.', example: '5f0c7a9e-6f0b-4c8e-9d55-7e9a6c1b2d30' },
  traceId: { description: 'The trace of the request.', example: '4bf92f3577b34da6a3ce929d0e0e4736' },
  details: { description: 'What belongs to the action.', example: { name: 'Lighthouse' } },
  previousHash: { description: '`hash` of the entry before.', example: hash },
  hash: { example: hash },
};
