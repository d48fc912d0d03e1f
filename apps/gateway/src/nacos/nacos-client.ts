import { type Names, names as ownNames } from '@libs/names';

import { nacos2 } from './nacos-2.js';
import { isNacos3, nacos3 } from './nacos-3.js';
import type { NacosApi } from './nacos-api.js';
import { NacosFailure } from './nacos-failure.js';
import { type NacosAnswer, NacosHttp, type NacosRequest } from './nacos-http.js';
import type { NacosSettings } from './nacos-settings.js';

interface Session {
  readonly api: NacosApi;
  /** Absent without a user. */
  readonly token?: string;
  readonly until: number;
}

/** Part of the time that a token is good for: it is renewed before that is over. */
const renewAfter = 0.8;
/** What a server says to a token that is over, or to the words of another version. */
const inDoubt = new Set([401, 403, 404, 410, 501]);

/** Speaks to a Nacos of whichever version, as whom the settings say. */
export class NacosClient {
  private readonly http: NacosHttp;
  private session: Promise<Session> | undefined;

  constructor(
    private readonly settings: NacosSettings,
    names: Names = ownNames,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.http = new NacosHttp(settings, names);
  }

  /**
   * Asks by what the version that is there knows; undefined where that knows no such question. A session that is not
   * taken any more, and a version that may be gone after an upgrade, are asked about once more.
   */
  async ask<T>(
    question: (api: NacosApi) => NacosRequest | undefined,
    read: (answer: NacosAnswer, api: NacosApi) => T,
  ): Promise<T | undefined> {
    const known = this.session;
    const first = await this.attempt(question);
    if (first === undefined) return undefined;
    const isInDoubt = known !== undefined && inDoubt.has(first.answer.status);
    if (isInDoubt) this.session = undefined;
    const { answer, api } = isInDoubt ? ((await this.attempt(question)) ?? first) : first;
    if (answer.status === 401 || answer.status === 403) {
      this.session = undefined;
      throw refused(answer.status);
    }
    return read(answer, api);
  }

  async close(): Promise<void> {
    await this.http.close();
  }

  private async attempt(
    question: (api: NacosApi) => NacosRequest | undefined,
  ): Promise<{ readonly answer: NacosAnswer; readonly api: NacosApi } | undefined> {
    const { api, token } = await this.current();
    const asked = question(api);
    if (asked === undefined) return undefined;
    // The first is what version 3 documents, the second what all versions since 1.2 take.
    const identity = token === undefined ? {} : { accessToken: token, authorization: `Bearer ${token}` };
    const answer = await this.http.send({ ...asked, headers: { ...asked.headers, ...identity } });
    return { answer, api };
  }

  private async current(): Promise<Session> {
    const known = await this.session?.catch(() => undefined);
    if (known !== undefined && this.clock() < known.until) return known;
    const opening = (this.session = this.open());
    try {
      return await opening;
    } catch (error) {
      if (this.session === opening) this.session = undefined;
      throw error;
    }
  }

  private async open(): Promise<Session> {
    const api = await this.version();
    const { username, password } = this.settings;
    if (username === undefined || password === undefined) return { api, until: Infinity };
    const { status, text } = await this.http.send({ path: api.loginPath, form: { username, password } });
    const { token, ttlMs } = status === 200 ? tokenIn(text) : {};
    if (token === undefined || ttlMs === undefined) throw refused(status);
    return { api, token, until: this.clock() + renewAfter * ttlMs };
  }

  /** Version 3 is known by a path that no other has. */
  private async version(): Promise<NacosApi> {
    const { namespace } = this.settings;
    const third = nacos3(namespace);
    const answer = await this.http.send(
      third.listInstances({ service: 'gateway', group: 'DEFAULT_GROUP', clusters: [] }),
    );
    return isNacos3(answer) ? third : nacos2(namespace);
  }
}

const refused = (status: number): NacosFailure =>
  new NacosFailure(`Nacos refuses the user or the password of the gateway, or what it asks for (${status})`, status);

/** Of version 3 some answers are in an envelope, and some are not. */
function tokenIn(text: string): { token?: string; ttlMs?: number } {
  try {
    const whole = JSON.parse(text) as { data?: unknown };
    const { accessToken, tokenTtl } = { ...whole, ...(typeof whole.data === 'object' ? whole.data : {}) } as {
      accessToken?: unknown;
      tokenTtl?: unknown;
    };
    if (typeof accessToken !== 'string') return {};
    return { token: accessToken, ttlMs: (Number(tokenTtl) || 60) * 1_000 };
  } catch {
    return {};
  }
}
