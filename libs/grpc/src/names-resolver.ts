import { isIP } from 'node:net';

import { type ChannelOptions, experimental, Metadata, status } from '@grpc/grpc-js';

import { type Names, names as ownNames } from '@libs/names';

const scheme = 'gatehouse-names';
/** The channel option that carries what finds the addresses. A function, because options are also written as JSON. */
const optionName = 'gatehouse.addresses';
/** So often the name is asked for at most: who asks again has lost a connection, and what was known is in doubt. */
const restMs = 1_000;

type FindAddresses = Names['addresses'];

/** A target and its options, for a client that finds `host:port` by `names`. All addresses are used, as by grpc-js itself. */
export function byName(address: string, names: Names = ownNames): { target: string; options: ChannelOptions } {
  const host = experimental.splitHostPort(address)?.host;
  if (host === undefined || isIP(host) !== 0) return { target: address, options: {} };
  const find: FindAddresses = (name, notOlderThanMs) => names.addresses(name, notOlderThanMs);
  return { target: `${scheme}:${address}`, options: { [optionName]: find } };
}

/** Its own resolver would ask the system, and wait with everybody else of the process. */
class NamesResolver implements experimental.Resolver {
  private readonly address: experimental.HostPort | null;
  private readonly find: FindAddresses;
  private timer: NodeJS.Timeout | undefined;
  private asking: object | undefined;
  private isWanted = false;

  constructor(
    private readonly target: experimental.GrpcUri,
    private readonly listener: experimental.ResolverListener,
    options: ChannelOptions,
  ) {
    this.address = experimental.splitHostPort(target.path);
    this.find = options[optionName] as FindAddresses;
  }

  static getDefaultAuthority({ path }: experimental.GrpcUri): string {
    return path;
  }

  updateResolution(): void {
    this.isWanted = true;
    if (this.asking === undefined && this.timer === undefined) void this.ask();
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asking = undefined;
    this.isWanted = false;
  }

  private async ask(): Promise<void> {
    const own = (this.asking = {});
    this.isWanted = false;
    this.timer = setTimeout(() => this.onRested(), restMs).unref();
    const found = await this.endpoints();
    if (this.asking !== own) return;
    this.asking = undefined;
    if (!this.listener(found, {}, null, '')) this.isWanted = true;
    if (this.isWanted && this.timer === undefined) void this.ask();
  }

  private onRested(): void {
    this.timer = undefined;
    if (this.isWanted && this.asking === undefined) void this.ask();
  }

  private async endpoints(): Promise<experimental.StatusOr<experimental.Endpoint[]>> {
    const { host = '', port = 443 } = this.address ?? {};
    try {
      const found = await this.find(host, restMs);
      return experimental.statusOrFromValue(found.map(({ address }) => ({ addresses: [{ host: address, port }] })));
    } catch (error) {
      const details = `Name resolution failed for ${this.target.path}: ${(error as Error).message}`;
      return experimental.statusOrFromError({ code: status.UNAVAILABLE, details, metadata: new Metadata() });
    }
  }
}

experimental.registerResolver(scheme, NamesResolver);
