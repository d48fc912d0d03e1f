import { BinaryReader } from '@bufbuild/protobuf/wire';

/** A span as a collector receives it. Ids in hex. */
export interface ReceivedSpan {
  readonly service: string;
  /** Whose spans they are, in full. */
  readonly resource: Readonly<Record<string, unknown>>;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly hasFailed: boolean;
}

type Fields = Map<number, unknown[]>;

/** Reads `opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest`, by the numbers of its fields. */
export function readSpans(body: Uint8Array): ReceivedSpan[] {
  return messages(fieldsOf(body), 1).flatMap((resourceSpans) => {
    const [resource] = messages(resourceSpans, 1);
    const owner = attributesOf(resource ?? new Map(), 1);
    const scopes = messages(resourceSpans, 2);
    return scopes.flatMap((scope) => messages(scope, 2)).map((span) => spanOf(owner, span));
  });
}

const spanOf = (resource: Record<string, unknown>, span: Fields): ReceivedSpan => ({
  service: String(resource['service.name'] ?? ''),
  resource,
  traceId: hex(span, 1),
  spanId: hex(span, 2),
  parentSpanId: hex(span, 4),
  name: text(span, 5),
  kind: Number(span.get(6)?.[0] ?? 0),
  attributes: attributesOf(span, 9),
  hasFailed: messages(span, 15).some((status) => Number(status.get(3)?.[0] ?? 0) === 2),
});

function attributesOf(fields: Fields, field: number): Record<string, unknown> {
  return Object.fromEntries(messages(fields, field).map((pair) => [text(pair, 1), valueOf(messages(pair, 2)[0])]));
}

/** `AnyValue`: text, truth or a number. */
function valueOf(value: Fields = new Map()): unknown {
  if (value.has(1)) return text(value, 1);
  if (value.has(2)) return Boolean(value.get(2)?.[0]);
  return Number(value.get(3)?.[0] ?? 0);
}

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields: Fields = new Map();
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const value = wireType === 2 ? reader.bytes() : wireType === 0 ? reader.int64() : reader.skip(wireType, field);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

const bytesOf = (fields: Fields, field: number): Uint8Array[] => (fields.get(field) ?? []) as Uint8Array[];
const messages = (fields: Fields, field: number): Fields[] => bytesOf(fields, field).map(fieldsOf);
const hex = (fields: Fields, field: number): string => Buffer.from(bytesOf(fields, field)[0] ?? []).toString('hex');
const text = (fields: Fields, field: number): string => Buffer.from(bytesOf(fields, field)[0] ?? []).toString();
