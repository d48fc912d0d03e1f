import { z } from 'zod';

import { pageOf } from '@libs/persistence';
import { singleLine } from '@libs/service';

import type { Passkey } from './passkey.entity.js';

const bytes = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[\w-]+=*$/);

/** What browsers answer (WebAuthn §5.1.1, `toJSON`). They may send more than we read. */
const credential = {
  id: bytes(1_400),
  rawId: bytes(1_400),
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}).default({}),
};

export const PasskeyAssertion = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes(8_000),
      authenticatorData: bytes(4_000),
      signature: bytes(4_000),
      userHandle: bytes(200).nullish(),
    }),
  })
  .meta({ id: 'PasskeyAssertion' });
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

export const PasskeyRegistration = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes(8_000),
      attestationObject: bytes(16_000),
      transports: z.array(z.string().max(20)).max(10).default([]),
    }),
  })
  .meta({ id: 'PasskeyRegistration' });
export type PasskeyRegistration = z.infer<typeof PasskeyRegistration>;

export const AddPasskey = z
  .strictObject({
    name: singleLine(100).describe('by which the owner knows it again'),
    response: PasskeyRegistration.describe('answer of the authenticator to POST /auth/passkeys:begin'),
  })
  .meta({ id: 'AddPasskey' });
export type AddPasskey = z.infer<typeof AddPasskey>;

export const PasskeyLogin = z.strictObject({ response: PasskeyAssertion }).meta({ id: 'PasskeyLogin' });
export type PasskeyLogin = z.infer<typeof PasskeyLogin>;

/** Handed to the browser as it is: `PublicKeyCredential.parse…OptionsFromJSON`. */
export const PasskeyOptions = z
  .object({ options: z.looseObject({ challenge: z.string() }) })
  .meta({ id: 'PasskeyOptions' });
export type PasskeyOptions = z.infer<typeof PasskeyOptions>;

export const PasskeyAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    synchronised: z.boolean().describe('whether it may leave the authenticator that made it'),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Passkey' });
export type PasskeyAnswer = z.infer<typeof PasskeyAnswer>;

export const NewPasskeyAnswer = PasskeyAnswer.extend({
  recoveryCodes: z.array(z.string()).describe('shown this once, with the first second factor; else empty'),
}).meta({ id: 'NewPasskey' });
export type NewPasskeyAnswer = z.infer<typeof NewPasskeyAnswer>;

export const PasskeyList = pageOf(PasskeyAnswer, 'PasskeyPage');
export type PasskeyList = z.infer<typeof PasskeyList>;

export const toPasskeyAnswer = (passkey: Passkey): PasskeyAnswer => ({
  id: passkey.id,
  name: passkey.name,
  synchronised: passkey.isSynchronised,
  createdAt: passkey.createdAt.toISOString(),
  lastUsedAt: passkey.lastUsedAt?.toISOString() ?? null,
});
