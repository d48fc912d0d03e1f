import { isReservedHeader } from '@libs/trusted-headers';

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

  private constructor(stripped: Iterable<string>) {
    this.stripped = new Set([...stripped].map(spelling));
  }

  /** `credentialHeader` carries the API key, which is for the gateway alone. */
  static forRequests(credentialHeader: string): HeaderRules {
    return new HeaderRules([...hopByHopHeaders, ...writtenByUs, ...spentAtTheDoor, credentialHeader]);
  }

  static forAnswers(): HeaderRules {
    return new HeaderRules([...hopByHopHeaders, ...writtenByUs]);
  }

  passes(name: string): boolean {
    const known = this.remembered.get(name);
    if (known !== undefined) return known;
    // In HTTP/2 the request line is a few fields whose names begin with a colon.
    const passes = !name.startsWith(':') && !isReservedHeader(name) && !this.stripped.has(spelling(name));
    if (this.remembered.size < maxRemembered) this.remembered.set(name, passes);
    return passes;
  }
}

/** Services that turn names into variables cannot tell `-`, `_` and `.` apart, so neither may the gateway. */
export const spelling = (name: string): string => name.toLowerCase().replaceAll(/[._]/g, '-');

/** The headers that `Connection` declares to be for the next neighbour only. */
export function namedInConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
