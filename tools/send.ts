import { Agent, request } from 'undici';

import type { OwnCertificate } from '@libs/mutual-tls';

export interface Sent {
  /** With its query. Without a scheme it is https where there is a certificate, and http where there is none. */
  readonly address: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string | undefined;
  /** Shown where the process has one; whoever answers must then be `service`, whatever their address is. */
  readonly certificate: OwnCertificate | undefined;
  readonly service: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends one request of a tool, and is done with its certificate. */
export async function send({ address, method, headers, body, certificate, service }: Sent): Promise<Answer> {
  const dispatcher = new Agent(
    certificate === undefined ? {} : { connect: { ...certificate.current, servername: service } },
  );
  const url = address.includes('://') ? address : `${certificate === undefined ? 'http' : 'https'}://${address}`;
  try {
    const answer = await request(url, {
      method: method as 'GET',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body ?? null,
      dispatcher,
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } finally {
    certificate?.close();
    await dispatcher.close();
  }
}
