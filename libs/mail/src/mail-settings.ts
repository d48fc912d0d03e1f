import { z } from 'zod';

import { secret, setting } from '@libs/config';

/** What a service that writes to people is told. Spread it into its settings. */
export const mailSettings = () => ({
  smtpUrl: secret(setting.url('smtp', 'smtps'))
    .exactOptional()
    .describe(
      'smtp://user:password@host:587?requireTLS=true or smtps://…; without it, mails are files in <DATA_DIR>/mail',
    ),
  mailFrom: setting
    .text()
    .regex(/^[^\r\n]+@[^\r\n]+$/, 'must be an address, with or without a name')
    .default('Gatehouse <no-reply@gatehouse.local>')
    .describe('whom mails come from'),
});

export type MailSettings = z.output<z.ZodObject<ReturnType<typeof mailSettings>>>;
