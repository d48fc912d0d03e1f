export { FolderMailer } from './folder-mailer.js';
export { mailEntities, MailModule, type MailOptions } from './mail.module.js';
export { type MailSettings, mailSettings } from './mail-settings.js';
export { MailTables1700000000500 } from './mail-tables.js';
export { type Mail, Mailer, MailRejected, type OutgoingMail } from './mailer.js';
export { mailDestination, openMailer } from './open-mailer.js';
export { Postbox } from './postbox.js';
export { SmtpMailer } from './smtp-mailer.js';
