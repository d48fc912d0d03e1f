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
  // MySQL quotes values in its messages as they are. A value may hold quotes, but it cannot leave its JSON string.
  [/(Duplicate entry )'(?:\\.|[^"\\])*'(?= for key)/g, "$1'[value]'"],
  [/(ncorrect [\w ]*value: )'(?:\\.|[^"\\])*'(?= for column|"|\\n)/g, "$1'[value]'"],
  [/(right syntax to use near )'(?:\\.|[^"\\])*'(?= at line)/g, "$1'[value]'"],
];

const mayHoldSecret = /eyJ|bearer|:\/\/|Duplicate entry|ncorrect |right syntax/i;

/** Takes tokens, passwords and values out of a line: messages of libraries repeat what they were given. */
export const scrub = (text: string): string =>
  mayHoldSecret.test(text) ? patterns.reduce((rest, [pattern, mark]) => rest.replaceAll(pattern, mark), text) : text;
