import type { Mail } from '@libs/mail';

/**
 * Holds nothing that whoever invites could choose, such as the name of a tenant: it would carry advertisements to
 * strangers. The token stands behind `#` in the link, so that it reaches no server's log.
 */
export function invitationEmail(token: string, accountUrl: string | undefined): Omit<Mail, 'to'> {
  const page = accountUrl?.replace(/\/$/, '');
  const link = page === undefined ? [] : [`Open ${page}/invitation#token=${token}`, 'or use'];
  const text = [
    'Hello,',
    '',
    'somebody has invited you to work with them at Gatehouse. To accept,',
    'log in or make an account first.',
    '',
    ...link,
    'this token:',
    '',
    token,
    '',
    'It works once, within seven days. If you do not know who that may be,',
    'leave this letter alone.',
    '',
    'Yours,',
    'Gatehouse',
    '',
  ].join('\n');
  return { subject: 'You are invited to a tenant', text };
}
