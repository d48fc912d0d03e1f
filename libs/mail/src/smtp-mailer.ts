import { connect, type Socket } from 'node:net';

import { createTransport } from 'nodemailer';

import { type Names, names as ownNames } from '@libs/names';

import { composeMail } from './compose-mail.js';
import { Mailer, MailRejected, type OutgoingMail } from './mailer.js';

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 };

/** Sends over SMTP. The connections are kept for a while and never more than a few. */
export class SmtpMailer extends Mailer {
  private readonly transport;

  constructor(
    url: string,
    private readonly from: string,
    names: Names = ownNames,
  ) {
    super();
    this.transport = createTransport({ url, pool: true, maxConnections: 3, ...timeouts, getSocket: opener(names) });
  }

  override async send(mail: OutgoingMail): Promise<void> {
    try {
      await this.transport.sendMail(composeMail(mail, this.from));
    } catch (error) {
      throw isFinal(error) ? new MailRejected(describe(error), { cause: error }) : error;
    }
  }

  override close(): void {
    this.transport.close();
  }
}

type Opened = (error: Error | null, opened?: { readonly connection: Socket }) => void;

interface ServerAddress {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly secure?: boolean | undefined;
}

/** nodemailer's own look-up ends up in `dns.lookup`, which holds a thread for as long as a name server is silent. */
const opener =
  ({ lookup }: Names) =>
  ({ host = 'localhost', secure, port }: ServerAddress, done: Opened): void => {
    const connection = connect({
      host,
      port: Number(port) || (secure === true ? 465 : 587),
      lookup,
      timeout: timeouts.connectionTimeout,
    });
    const fail = (error: Error): void => {
      connection.destroy();
      done(Object.assign(error, { code: 'ECONNECTION' }));
    };
    const late = (): void => fail(new Error('the mail server does not answer'));
    connection.once('error', fail).once('timeout', late);
    connection.once('connect', () => {
      connection.off('error', fail).off('timeout', late).setTimeout(0);
      done(null, { connection });
    });
  };

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** 5xx about the recipient or the email itself (RFC 5321 §4.2.1); about our log-in, an operator can mend it. */
function isFinal(error: unknown): boolean {
  const { code = '', responseCode = 0 } = error as SmtpError;
  return responseCode >= 500 && ['EENVELOPE', 'EMESSAGE'].includes(code);
}

/** Without the server's words, which repeat the address. */
const describe = (error: unknown): string => `the server answered ${(error as SmtpError).responseCode}`;
