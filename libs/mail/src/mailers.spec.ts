import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { SMTPServer } from 'smtp-server';

import { issueCertificate, makeAuthority } from '@libs/certificates';
import { Names } from '@libs/names';
import { NameServer } from '@libs/testing';

import { FolderMailer } from './folder-mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

const mail = { id: 'mail-1', to: 'alice@example.com', subject: 'Grüße', text: 'Your code is 123456.\n' };
const from = 'Gatehouse <no-reply@gatehouse.example>';

describe('FolderMailer', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-mail-'));
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it('puts each email into a file that its owner may read, the same one when it comes twice', async () => {
    const folder = join(dataDir, 'mail');
    const mailer = new FolderMailer(folder, from);
    await mailer.send(mail);
    await mailer.send(mail);
    expect(readdirSync(folder)).toEqual(['mail-1.eml']);
    const file = join(folder, 'mail-1.eml');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const email = readFileSync(file, 'utf8');
    expect(email).toMatch(/^To: alice@example\.com\r?$/m);
    expect(email).toMatch(/^From: Gatehouse <no-reply@gatehouse\.example>\r?$/m);
    expect(email).toMatch(/^Message-ID: <mail-1@gatehouse\.example>\r?$/m);
    expect(email).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
    expect(email).toContain('Your code is 123456.');
  });
});

describe('SmtpMailer', () => {
  let answer: { responseCode: number } | undefined;
  let received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => done(answer && Object.assign(new Error('no'), answer)),
    onData: (stream, _session, done) => {
      stream.on('end', done);
      void text(stream).then((email) => received.push(email));
    },
  });
  let mailer: SmtpMailer;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    mailer = new SmtpMailer(`smtp://127.0.0.1:${port}`, from);
  });
  beforeEach(() => {
    answer = undefined;
    received = [];
  });
  afterAll(async () => {
    mailer.close();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  it('finds the server by the names that it is given', async () => {
    const nameServer = await NameServer.start();
    nameServer.know('mail.test', [{ type: 'A', address: '127.0.0.1' }]);
    const { port } = server.server.address() as AddressInfo;
    const names = new Names({ servers: [nameServer.address], resolverFile: '/nowhere' });
    const named = new SmtpMailer(`smtp://mail.test:${port}`, from, names);
    await named.send(mail);
    expect(received).toHaveLength(1);
    await expect(new SmtpMailer(`smtp://none.test:${port}`, from, names).send(mail)).rejects.toThrow('ENOTFOUND');
    named.close();
    await nameServer.close();
  });

  it('sends nothing to a server at smtps whose certificate nobody vouches for', async () => {
    const now = Date.now();
    const authority = await makeAuthority('nobody', { now, lifetimeMs: 3_600_000 });
    const request = { name: 'mail.test', uri: 'spiffe://gatehouse/mail', now, lifetimeMs: 3_600_000 };
    const { certificate: cert, privateKey: key } = await issueCertificate(authority, request);
    const secured = new SMTPServer({ secure: true, authOptional: true, cert, key });
    secured.on('error', () => undefined);
    await new Promise<void>((resolve) => secured.listen(0, '127.0.0.1', resolve));
    const { port } = secured.server.address() as AddressInfo;
    const named = new SmtpMailer(`smtps://127.0.0.1:${port}`, from);
    await expect(named.send(mail)).rejects.toThrow(/certificate|altnames/i);
    named.close();
    await new Promise<void>((resolve) => secured.close(resolve));
  });

  it('hands an email to the server', async () => {
    await mailer.send(mail);
    expect(received).toEqual([expect.stringContaining('Your code is 123456.')]);
    expect(received[0]).toContain('To: alice@example.com');
  });

  it.each([
    { when: 'the recipient is unknown', responseCode: 550, name: 'MailRejected' },
    { when: 'the server has no time', responseCode: 451, name: 'Error' },
  ])('says whether trying again helps when $when', async ({ responseCode, name }) => {
    answer = { responseCode };
    await expect(mailer.send(mail)).rejects.toMatchObject({ name });
    expect(received).toEqual([]);
  });

  it('does not take an address for several, or for a header', async () => {
    await mailer.send({ ...mail, to: 'eve@example.com\r\nBcc: all@example.com' }).catch(() => undefined);
    expect(received.join()).not.toMatch(/^Bcc/m);
  });
});
