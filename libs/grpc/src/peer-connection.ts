import { setTimeout as wait } from 'node:timers/promises';

import { Client, connectivityState } from '@grpc/grpc-js';

/** Longer than it takes to connect to anybody nearby; what is called rarely waits longer for its answer. */
const connectTimeoutMs = 2_000;
const pollMs = 20;

const isTrying = (state: connectivityState): boolean =>
  state === connectivityState.CONNECTING || state === connectivityState.TRANSIENT_FAILURE;

/**
 * A connection that is begun anew when it does not come about. An attempt of grpc-js to connect has no end of its own:
 * to an address where nobody answers any more the system tries for minutes, ever less often, and as long as it does the
 * name is not resolved again either. A peer that is back would not be noticed.
 */
export class PeerConnection {
  #client: Client;
  #patience: NodeJS.Timeout | undefined;

  /** `open`: a client that shares its connections with no other, or the new one would wait for the attempt of the old. */
  constructor(
    private readonly open: () => Client,
    private readonly timeoutMs = connectTimeoutMs,
  ) {
    this.#client = open();
    this.#follow(this.#client);
  }

  /** For one call: the next one may have to go through another. */
  get client(): Client {
    return this.#client;
  }

  /** Whether a call would be sent at once. Asking is reason enough to connect. */
  get isReady(): boolean {
    const channel = this.#client.getChannel();
    // What is closed would begin anew.
    if (channel.getConnectivityState(false) === connectivityState.SHUTDOWN) return false;
    return channel.getConnectivityState(true) === connectivityState.READY;
  }

  /** Resolves when that is so, or the time is over. */
  async connect(withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    while (!this.isReady && performance.now() < end) await wait(pollMs);
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#client.close();
  }

  #follow(client: Client): void {
    const channel = client.getChannel();
    const state = channel.getConnectivityState(false);
    if (state === connectivityState.SHUTDOWN) return;
    if (isTrying(state)) this.#patience ??= setTimeout(() => this.#beginAnew(), this.timeoutMs).unref();
    else this.#stopWaiting();
    channel.watchConnectivityState(state, Infinity, () => this.#follow(client));
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #beginAnew(): void {
    this.#stopWaiting();
    const abandoned = this.#client;
    this.#client = this.open();
    this.#client.getChannel().getConnectivityState(true);
    this.#follow(this.#client);
    abandoned.close();
  }
}
