import { constants, type ServerHttp2Session } from 'node:http2';

import type { Http2Config } from '../configuration/listen.schema.js';

const windowMs = 10_000;

/**
 * Closes a connection that makes more work than its requests are worth: streams that are broken off again and again,
 * whoever is made to do it (CVE-2023-44487, CVE-2025-8671), and floods of SETTINGS and PING (CVE-2019-9512, -9515).
 */
export class SessionGuard {
  openStreams = 0;
  private windowEnds = 0;
  private resets = 0;
  private controlFrames = 0;

  constructor(
    private readonly session: ServerHttp2Session,
    private readonly config: Http2Config,
    private readonly now: () => number = () => performance.now(),
  ) {
    session.on('stream', (stream) => {
      this.openStreams++;
      stream.once('close', () => {
        this.openStreams--;
        if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.countReset();
      });
    });
    session.on('ping', this.countControlFrame);
    session.on('remoteSettings', this.countControlFrame);
  }

  private countReset(): void {
    this.look();
    if (++this.resets > this.config.resets) this.close();
  }

  private readonly countControlFrame = (): void => {
    this.look();
    if (++this.controlFrames > this.config.controlFrames) this.close();
  };

  private look(): void {
    const now = this.now();
    if (now < this.windowEnds) return;
    this.windowEnds = now + windowMs;
    this.resets = 0;
    this.controlFrames = 0;
  }

  private close(): void {
    if (!this.session.destroyed) this.session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}
