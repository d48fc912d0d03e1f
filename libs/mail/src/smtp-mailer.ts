import { createTransport } from 'nodemailer';

import { composeMail } from './compose-mail.js';
import { Mailer, MailRejected, type OutgoingMail } from './mailer.js';

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 };

/** Sends over SMTP. The connections are kept for a while and never more than a few. */
export class SmtpMailer extends Mailer {
  private readonly transport;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.transport = createTransport({ url, pool: true, maxConnections: 3, ...timeouts });
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

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** 5xx about the recipient or the letter itself (RFC 5321 §4.2.1); about our log-in, an operator can mend it. */
function isFinal(error: unknown): boolean {
  const { code = '', responseCode = 0 } = error as SmtpError;
  return responseCode >= 500 && ['EENVELOPE', 'EMESSAGE'].includes(code);
}

/** Without the server's words, which repeat the address. */
const describe = (error: unknown): string => `the server answered ${(error as SmtpError).responseCode}`;
