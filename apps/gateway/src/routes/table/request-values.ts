import { holds, type Predicate, several, type Value } from '../model/predicate.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteClaim } from '../model/route-claim.js';

/** The headers and query parameters of one request, as predicates see them. The query is read when one asks. */
export class RequestValues {
  private parameters: URLSearchParams | undefined = undefined;

  constructor(private readonly request: RoutableRequest) {}

  meet({ headers, query }: RouteClaim): boolean {
    for (const predicate of headers) if (!this.meetHeader(predicate)) return false;
    for (const predicate of query) if (!this.meetParameter(predicate)) return false;
    return true;
  }

  meetHeader({ name, condition }: Predicate): boolean {
    if (this.request.announced?.has(name) === true) return condition.kind !== 'absent';
    return holds(condition, this.header(name));
  }

  meetParameter({ name, condition }: Predicate): boolean {
    return holds(condition, this.parameter(name));
  }

  /** Several fields of one name are one value with commas (RFC 9110 §5.3), which is how Node gives them. */
  header(name: string): Value {
    if (!Object.hasOwn(this.request.headers, name)) return undefined;
    const value = this.request.headers[name];
    return typeof value === 'object' ? several : value;
  }

  parameter(name: string): Value {
    const [value, second] = this.query.getAll(name);
    return second === undefined ? value : several;
  }

  get headerNames(): readonly string[] {
    return Object.keys(this.request.headers);
  }

  get parameterNames(): ReadonlySet<string> {
    return new Set(this.query.keys());
  }

  private get query(): URLSearchParams {
    return (this.parameters ??= new URLSearchParams(this.request.query));
  }
}
