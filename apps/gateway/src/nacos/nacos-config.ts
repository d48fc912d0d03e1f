import { setTimeout as wait } from 'node:timers/promises';

import type { NamedDocument } from './nacos-api.js';
import { NacosClient } from './nacos-client.js';
import type { NacosSettings } from './nacos-settings.js';

/** How often version 3 is asked, and every version after a failure. */
const askEveryMs = 1_000;

/** The documents in Nacos. */
export class NacosConfig {
  private readonly client: NacosClient;

  constructor(settings: NacosSettings) {
    this.client = new NacosClient(settings);
  }

  /** Undefined when there is no such document. Rejects with a `NacosFailure` when no server says. */
  read(document: NamedDocument): Promise<string | undefined> {
    return this.client.ask(
      (api) => api.readDocument(document),
      (answer, api) => api.documentIn(answer),
    );
  }

  /** Calls `changed` when the document has changed, and when asking begins to fail. Returns the function that ends it. */
  watch(document: NamedDocument, changed: () => void): () => void {
    const ending = new AbortController();
    void this.follow(document, changed, ending.signal);
    return () => ending.abort();
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private async follow(document: NamedDocument, changed: () => void, ending: AbortSignal): Promise<void> {
    let seen: Seen | undefined;
    while (!ending.aborted) {
      const before = seen;
      seen = await this.look(document, before, ending);
      if (ending.aborted) return;
      if (seen.isKnown !== before?.isKnown || seen.text !== before.text) changed();
    }
  }

  private async look(document: NamedDocument, before: Seen | undefined, ending: AbortSignal): Promise<Seen> {
    try {
      const hasWaited = before?.isKnown === true && (await this.waitForChange(document, before.text));
      if (!hasWaited && before !== undefined) await wait(askEveryMs, undefined, { signal: ending, ref: false });
      return { isKnown: true, text: await this.read(document) };
    } catch {
      return { isKnown: false, text: undefined };
    }
  }

  /** Whether it was worth it: where there is nothing to wait for, the document is asked for now and again. */
  private async waitForChange(document: NamedDocument, known: string | undefined): Promise<boolean> {
    const answer = await this.client.ask(
      (api) => api.awaitChange?.(document, known),
      ({ status, text }) => (status === 200 ? text : undefined),
    );
    if (answer === undefined) return false;
    // One that says at once that it has changed, and it has not, would be asked again and again.
    return answer === '' || (await this.read(document)) !== known;
  }
}

interface Seen {
  /** Whether anybody could say. */
  readonly isKnown: boolean;
  readonly text: string | undefined;
}
