import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createTransport } from 'nodemailer';

import { composeMail } from './compose-mail.js';
import { Mailer, type OutgoingMail } from './mailer.js';

/** Puts each email into a file, for whoever runs everything on one machine. Emails hold tokens: the owner reads them. */
export class FolderMailer extends Mailer {
  private readonly transport = createTransport({ streamTransport: true, buffer: true });

  constructor(
    private readonly folder: string,
    private readonly from: string,
  ) {
    super();
  }

  override async send(mail: OutgoingMail): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const { message } = await this.transport.sendMail(composeMail(mail, this.from));
    const file = join(this.folder, `${mail.id}.eml`);
    // Whole or not at all: somebody may be watching the folder.
    await writeFile(`${file}.part`, message, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }
}
