/** An email in plain text to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** One that is being sent. Sent twice, it is the same email by its id. */
export interface OutgoingMail extends Mail {
  readonly id: string;
}

/** Hands emails over to whoever delivers them. */
export abstract class Mailer {
  /** Rejects with `MailRejected` when trying again is of no use, with anything else when it may be. */
  abstract send(mail: OutgoingMail): Promise<void>;

  close(): void {}
}

/** Whoever delivers has said that this email will never be taken. */
export class MailRejected extends Error {
  override readonly name = 'MailRejected';
}
