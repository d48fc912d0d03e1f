import { join } from 'node:path';

import { FolderMailer } from './folder-mailer.js';
import type { MailSettings } from './mail-settings.js';
import type { Mailer } from './mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

export interface MailerOptions extends MailSettings {
  readonly dataDir: string;
}

/** Over SMTP where a server is named, into files where none is. */
export const openMailer = ({ smtpUrl, mailFrom, dataDir }: MailerOptions): Mailer =>
  smtpUrl === undefined ? new FolderMailer(mailFolder(dataDir), mailFrom) : new SmtpMailer(smtpUrl, mailFrom);

/** Where emails go, for people. */
export const mailDestination = ({ smtpUrl, dataDir }: MailerOptions): string =>
  smtpUrl === undefined ? `files in ${mailFolder(dataDir)}/` : `SMTP at ${new URL(smtpUrl).host}`;

const mailFolder = (dataDir: string): string => join(dataDir, 'mail');
