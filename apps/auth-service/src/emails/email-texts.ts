import type { Mail } from '@libs/mail';

type EmailText = Omit<Mail, 'to'>;

/** Where an e-mail leads: to a page of the operator's, if there is one. */
export interface TokenLink {
  readonly token: string;
  readonly page: 'reset-password' | 'verify-email' | 'accept-invitation';
  readonly accountUrl: string | undefined;
  readonly minutes: number;
}

const name = 'Gatehouse';
const farewell = `Yours,\n${name}\n`;

/**
 * E-mails are short, and hold nothing that whoever caused them could choose, such as a display name: they would carry
 * advertisements to strangers. A token stands behind `#` in a link, so that it reaches no server's log.
 */
const withToken = ({ token, page, accountUrl, minutes }: TokenLink): string => {
  const link = accountUrl === undefined ? '' : `Open ${accountUrl.replace(/\/$/, '')}/${page}#token=${token}\nor `;
  return `${link === '' ? 'Use' : `${link}use`} this token:\n\n${token}\n\nIt works once, within ${duration(minutes)}.`;
};

export type Asker = 'newcomer' | 'owner' | 'operator';

/** For which account an address is to be confirmed, who has asked for it, and from where. */
export interface ProofRequest {
  readonly username: string;
  readonly asker: Asker;
  readonly address: string;
}

const askers: Record<Asker, (username: string) => string> = {
  newcomer: (username) => `somebody has registered the account ${username} at ${name} with this address`,
  owner: (username) => `whoever is logged in to the account ${username} at ${name} has asked to confirm this address`,
  operator: (username) => `an administrator has entered this address for the account ${username} at ${name}`,
};

const whoAsked = ({ username, asker, address }: ProofRequest): string =>
  `${askers[asker](username)}${address === '' ? '' : ` (from ${address})`}.`;

export const verifyEmail = (request: ProofRequest, link: TokenLink): EmailText => ({
  subject: `Confirm your e-mail address`,
  text: paragraphs(
    `Hello,`,
    `${whoAsked(request)} If that is your account, please confirm the address.`,
    withToken(link),
    `If it is not yours, do not confirm it, and there is nothing to do: this address will not be used.`,
  ),
});

/** To whoever has an account with the address already, in place of what would confirm it for another one. */
export const emailTaken = (request: ProofRequest): EmailText => ({
  subject: `You have an account already`,
  text: paragraphs(
    `Hello,`,
    `${whoAsked(request)} But it is the confirmed address of another account, which is yours, and stays that.`,
    `If it was you, log in to that account; if you have forgotten its password, ask for a new one.`,
    `If it was not you, there is nothing to do.`,
  ),
});

export type ResetAsker = 'somebody' | 'operator';

const resetAskers: Record<ResetAsker, (username: string) => string> = {
  somebody: (username) => `somebody, probably you, has forgotten the password of the account ${username} at ${name}.`,
  operator: (username) =>
    `an administrator of ${name} has sent you this, so that you can choose a password for your account ${username}.`,
};

export const resetPassword = (username: string, asker: ResetAsker, link: TokenLink): EmailText => ({
  subject: `Choose a new password`,
  text: paragraphs(
    `Hello,`,
    resetAskers[asker](username),
    withToken(link),
    `If it was not you, there is nothing to do: your password stays as it is.`,
  ),
});

/** To the reader of an address that somebody has entered for an account and nobody has confirmed. */
export const neverConfirmed = (username: string): EmailText => ({
  subject: `This address opens no account`,
  text: paragraphs(
    `Hello,`,
    `somebody has asked for a new password of the account ${username} at ${name}, which was made with this address. But the address was never confirmed for an account, so it opens nothing.`,
    `If you have no account, you may register with this address. If it was you who made that account, ask an administrator.`,
    `If it was not you, there is nothing to do.`,
  ),
});

export const invitation = (link: TokenLink): EmailText => ({
  subject: `You are invited to ${name}`,
  text: paragraphs(
    `Hello,`,
    `whoever runs ${name} has invited you to an account of your own. Choose your user name and a password to open it.`,
    withToken(link),
    `If you do not know what this is about, leave this letter alone: no account is opened.`,
  ),
});

const happened = {
  'password-changed': 'The password of your account was changed',
  'email-change-asked': 'Another e-mail address was entered for your account',
  'email-changed': 'Your account has a new e-mail address',
  'totp-added': 'An authenticator app was added to your account',
  'totp-removed': 'The authenticator app was removed from your account',
  'passkey-added': 'A passkey was added to your account',
  'passkey-removed': 'A passkey was removed from your account',
  'recovery-codes-made': 'Your account has new recovery codes',
  'second-factors-removed': 'An administrator has removed all second factors from your account',
  'recovery-code-used': 'A recovery code of your account was used',
} as const;

export type Happening = keyof typeof happened;

/** Told to the owner whenever a way into the account changes, so that a thief cannot do it unnoticed. */
export const notice = (what: Happening, username: string): EmailText => ({
  subject: happened[what],
  text: paragraphs(
    `Hello,`,
    `${lowerFirst(happened[what])} (${username} at ${name}). If that was you, there is nothing to do.`,
    `If it was not you, choose a new password at once, end all sessions, and tell your administrator.`,
  ),
});

/** Short lines are sent as they are; longer ones are encoded, and a token in a file could not be copied any more. */
const longestLine = 72;

const paragraphs = (...all: readonly string[]): string => [...all.map(wrap), farewell].join('\n\n');

const wrap = (text: string): string =>
  text.replaceAll(new RegExp(`(?=.{${longestLine + 1}})(.{1,${longestLine}}) `, 'g'), '$1\n');

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const duration = (minutes: number): string =>
  minutes < 120
    ? `${minutes} minutes`
    : minutes < 48 * 60
      ? `${Math.round(minutes / 60)} hours`
      : `${Math.round(minutes / 1_440)} days`;
