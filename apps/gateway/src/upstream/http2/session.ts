import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';

import type { Dial } from '../wire/dial.js';
import { inOneLineEach, isSecondLine } from '../../http/one-line-each.js';
import { errorText } from '../wire/upstream-failure.js';
import type { Http2Call } from './call.js';
import { requestFields } from './fields.js';

/** Until the instance says how many requests it takes at once. */
export const streamsUnlessTold = 100;
/** What may be on its way to us: less makes downloads slow, more costs memory. */
const streamWindow = 256 * 1024;
const connectionWindow = 1024 * 1024;

export interface SessionOwner {
  /** No connection is used twice. */
  readonly usesEachOnce: boolean;
  onReady(session: Http2Session): void;
  /** It can take another request. */
  onRoom(session: Http2Session): void;
  /** It never stood, or it stands no more. */
  onGone(session: Http2Session, error: Error | undefined): void;
}

/** One connection to an instance, with many requests on it at a time. */
export class Http2Session {
  readonly calls = new Set<Http2Call>();
  isReady = false;
  /** When its last request ended. */
  freeSince = 0;
  private readonly session: ClientHttp2Session;
  private isRetired = false;
  private isGone = false;
  private error: Error | undefined = undefined;

  constructor(
    private readonly way: { readonly scheme: string; readonly authority: string },
    dial: Dial,
    /** When connecting has lasted too long. */
    readonly connectsUntil: number,
    private readonly owner: SessionOwner,
  ) {
    const { socket, established } = dial();
    this.session = connect(`${way.scheme}://${way.authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: streamWindow },
    });
    this.session.on('connect', () => this.onConnect(socket, established === 'secureConnect'));
    this.session.on('remoteSettings', () => this.announceRoom());
    this.session.on('goaway', () => this.retire());
    this.session.on('error', (error) => (this.error = error));
    this.session.on('close', () => this.onClose());
  }

  get hasRoom(): boolean {
    if (!this.isReady || this.isRetired || this.session.closed || this.session.destroyed) return false;
    return this.calls.size < (this.session.remoteSettings?.maxConcurrentStreams ?? streamsUnlessTold);
  }

  send(call: Http2Call): void {
    this.calls.add(call);
    const stream = this.open(call);
    if (stream === undefined) return;
    call.begin(this, stream);
    if (this.owner.usesEachOnce) this.isRetired = true;
  }

  private open(call: Http2Call): ClientHttp2Stream | undefined {
    const { request } = call;
    const fields = requestFields(request, this.way);
    const options = {
      endStream: request.body === undefined,
      waitForTrailers: request.body !== undefined && request.body.length === undefined,
    };
    try {
      try {
        return this.session.request(fields, options);
      } catch (error) {
        if (!isSecondLine(error)) throw error;
        return this.session.request(inOneLineEach(fields), options);
      }
    } catch (error) {
      this.calls.delete(call);
      call.fail('reset', errorText(error), { cause: error, wasNeverSent: true });
      return undefined;
    }
  }

  forget(call: Http2Call): void {
    this.calls.delete(call);
    this.freeSince = performance.now();
    if (this.isRetired && this.calls.size === 0) this.session.close();
    else this.announceRoom();
  }

  /** Takes no more requests, and closes when the running ones have ended. */
  retire(): void {
    this.isRetired = true;
    if (this.calls.size === 0) this.session.close();
  }

  destroy(error?: Error): void {
    this.error = error;
    this.session.destroy();
  }

  private onConnect(socket: object, isTls: boolean): void {
    if (isTls && (socket as { alpnProtocol?: unknown }).alpnProtocol !== 'h2') {
      return this.destroy(new Error('the instance does not speak HTTP/2'));
    }
    this.isReady = true;
    this.freeSince = performance.now();
    this.session.setLocalWindowSize(connectionWindow);
    this.owner.onReady(this);
  }

  private announceRoom(): void {
    if (this.hasRoom) this.owner.onRoom(this);
  }

  private onClose(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.owner.onGone(this, this.error);
    for (const call of this.calls) call.fail('reset', errorText(this.error ?? 'the connection is closed'));
  }
}
