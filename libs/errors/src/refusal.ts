import { catalogue, type CatalogueEntry, type ErrorCode } from './catalogue.js';

/** One thing that is wrong with one field of the input. `field` is a path such as `items.0.name`. */
export interface FieldError {
  readonly field: string;
  /** Upper snake case, for instance `TOO_LONG`. */
  readonly code: string;
  readonly message: string;
}

export interface RefusalOptions {
  /** Shown to the caller; must not tell what the caller may not know. */
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  /** Header fields of the answer, for instance `retry-after`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** More members of the problem (RFC 9457 §3.2): what the caller needs to go on. Shown as they are. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  /** For the log only. */
  readonly internal?: string | undefined;
  readonly cause?: unknown;
}

/** Whoever is told that something is not there for the moment is told when to come back, in seconds. */
const soon = '1';

/** The one exception of Gatehouse: thrown where the reason is known, rendered once by a filter. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;
  readonly internal: string | undefined;

  constructor(
    readonly code: ErrorCode,
    options: RefusalOptions = {},
  ) {
    super(options.internal ?? options.detail ?? catalogue[code].title, { cause: options.cause });
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = { ...(this.entry.status === 503 ? { 'retry-after': soon } : {}), ...options.headers };
    this.members = options.members ?? {};
    this.internal = options.internal;
  }

  get entry(): CatalogueEntry {
    return catalogue[this.code];
  }
}

/** A refusal that names one bad field. */
export const invalidField = (field: string, code: string, message: string): Refusal =>
  new Refusal('REQUEST_INVALID', { errors: [{ field, code, message }] });
