import type { SendMailOptions } from 'nodemailer';

import type { OutgoingMail } from './mailer.js';

/** No machine answers such an email (RFC 3834), and whoever receives it twice can tell by its id. */
export const composeMail = (mail: OutgoingMail, from: string): SendMailOptions => ({
  from,
  to: { name: '', address: mail.to },
  subject: mail.subject,
  text: mail.text,
  messageId: `<${mail.id}@${/@([\w.-]+)/.exec(from)?.[1] ?? 'gatehouse.local'}>`,
  headers: { 'Auto-Submitted': 'auto-generated' },
  // An email holds what its author wrote, never what a path or an address in it leads to.
  disableFileAccess: true,
  disableUrlAccess: true,
});
