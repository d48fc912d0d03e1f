const secretFields = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  'signature',
  'password',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'secret',
  'sealKey',
  'encryptionKey',
  'privateKey',
];

const below = (parent: string, field: string): string =>
  field.startsWith('[') ? `${parent}${field}` : `${parent}.${field}`;

/** Fields that never reach the log, at the top of an entry and down to two levels below it. */
export const redactedPaths = secretFields.flatMap((field) => [field, below('*', field), below('*.*', field)]);

const patterns: readonly (readonly [RegExp, string])[] = [
  [/eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '[token]'],
  [/\bBearer +[\w.~+/=-]+/gi, 'Bearer [token]'],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*):[^\s@"]+@/gi, '$1:[password]@'],
];

const mayHoldSecret = /eyJ|bearer|:\/\//i;

/** Takes tokens and passwords out of free text: messages of libraries repeat what they were given. */
export const scrub = (text: string): string =>
  mayHoldSecret.test(text) ? patterns.reduce((rest, [pattern, mark]) => rest.replaceAll(pattern, mark), text) : text;
