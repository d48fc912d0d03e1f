import { aliasOf, isReservedHeader } from '@libs/trusted-headers';

import { membersOf } from './list-field.js';

// Headers between two neighbours (RFC 9110 §7.6.1); the names are those of requests and answers together.
export const hopByHopHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

const writtenByUs = new Set(['traceparent', 'tracestate']);
/** Used up by the gateway, or written anew: how long a body is follows from how it is sent. */
const spentAtTheDoor = new Set(['host', 'expect', 'authorization', 'via', 'content-length']);

/** Names come from outside, so what is remembered about them is bounded. */
const maxRemembered = 2_000;

/** Says which headers pass through the gateway. Remembers its answers: the same few names come again and again. */
export class HeaderRules {
  private readonly remembered = new Map<string, boolean>();
  private readonly stripped: ReadonlySet<string>;
  private readonly strippedBeginnings: readonly string[];

  private constructor(stripped: readonly string[]) {
    const isBeginning = (name: string): boolean => name.endsWith('*');
    this.stripped = new Set(stripped.filter((name) => !isBeginning(name)).map(spelling));
    this.strippedBeginnings = stripped.filter(isBeginning).map((name) => spelling(name.slice(0, -1)));
  }

  /** `stripped`: the names that this configuration adds; those with a star at their end stand for all that begin so. */
  static forRequests(stripped: readonly string[]): HeaderRules {
    return new HeaderRules([...hopByHopHeaders, ...writtenByUs, ...spentAtTheDoor, ...stripped]);
  }

  static forAnswers(): HeaderRules {
    return new HeaderRules([...hopByHopHeaders, ...writtenByUs]);
  }

  passes(name: string): boolean {
    const known = this.remembered.get(name);
    if (known !== undefined) return known;
    // In HTTP/2 the request line is a few fields whose names begin with a colon.
    const passes = !name.startsWith(':') && !isReservedHeader(name) && !this.strips(name);
    if (this.remembered.size < maxRemembered) this.remembered.set(name, passes);
    return passes;
  }

  private strips(name: string): boolean {
    const alias = spelling(name);
    // What describes a body has one spelling: `Content_Type` beside `Content-Type` would describe another one.
    if (alias.startsWith('content-') && alias !== name.toLowerCase()) return true;
    return this.stripped.has(alias) || this.strippedBeginnings.some((beginning) => alias.startsWith(beginning));
  }
}

/** Services that turn names into variables cannot tell `-`, `_` and `.` apart, so neither may the gateway. */
export const spelling = aliasOf;

/** The headers that `Connection` declares to be for the next neighbour only. */
export function namedInConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(membersOf(connection.toLowerCase()));
}
