import { z } from 'zod';

/** Below 2^8 rounds a hash is no protection; beyond 2^14 one login would hold a processor for seconds. */
const bcrypt = /^\$2[aby]\$(?:0[89]|1[0-4])\$[./A-Za-z0-9]{53}$/;

/** Up to 9 passes and 4 lanes, and as much memory as is checked below. */
const argon2id = /^\$argon2id\$v=19\$m=(\d{4,5}),t=[1-9],p=[1-4]\$([+/A-Za-z0-9]{11,86})\$([+/A-Za-z0-9]{22,86})$/;
const maxMemoryKib = 65_536;

export const isBcryptHash = (hash: string): boolean => bcrypt.test(hash);

function isArgon2idHash(hash: string): boolean {
  const [, memoryKib = '', salt = '', tag = ''] = argon2id.exec(hash) ?? [];
  return memoryKib !== '' && Number(memoryKib) <= maxMemoryKib && isBase64(salt) && isBase64(tag);
}

/** Without padding, and with one spelling only: a hash that cannot be decoded would fail at each login. */
const isBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === text;

/** A hash that another system made: whoever hands it in decides what each login of that user costs us. */
export const ImportedPasswordHash = z
  .string()
  .refine(
    (hash) => isBcryptHash(hash) || isArgon2idHash(hash),
    'must be a bcrypt or an argon2id hash of bearable cost',
  );
