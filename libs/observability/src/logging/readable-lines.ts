import { prettyFactory } from 'pino-pretty';

type LogEntry = Readonly<Record<string, unknown>>;

/** What a person at a terminal can do without: whoever looks for an id reads the log where there is no terminal. */
const leftOut = ['service', 'context', 'request_id', 'trace_id'];
/** What a line about a request says by itself, before its other fields. */
const ofRequest = ['method', 'path', 'route', 'status', 'latency_ms', 'upstream_ms', 'client_address'];

/** Makes a line for people out of a line of the log. What is no JSON stays as it is. */
export function readableLine(isColoured: boolean): (line: string) => string {
  const options = { colorize: isColoured, singleLine: true, translateTime: 'SYS:HH:MM:ss', messageFormat };
  const plain = prettyFactory({ ...options, ignore: leftOut.join(',') });
  const request = prettyFactory({ ...options, ignore: [...leftOut, ...ofRequest].join(',') });
  return (line) => {
    const entry = parsed(line);
    if (entry === undefined) return line;
    return (isRequest(entry) ? request : plain)(inShort(entry));
  };
}

function messageFormat(entry: LogEntry): string {
  const from = [entry['service'], entry['context']].filter(Boolean).join(' ');
  if (!isRequest(entry)) return `${from}: ${String(entry['msg'] ?? '')}`;
  const { method, path, status, latency_ms: took } = entry;
  return `${String(entry['service'])}: ${[method, path, status].filter(Boolean).join(' ')} in ${String(took)} ms`;
}

/** Of HTTP or gRPC, at the gateway or at a service. */
const isRequest = (entry: LogEntry): boolean => 'method' in entry && 'status' in entry && 'latency_ms' in entry;

function parsed(line: string): LogEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as LogEntry) : undefined;
  } catch {
    return undefined;
  }
}

/** Longer lists are for whoever reads the log where there is no terminal. */
const mostListed = 3;

const inShort = (entry: LogEntry): LogEntry =>
  Object.fromEntries(
    Object.entries(entry)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, Array.isArray(value) && value.length > mostListed ? value.length : value]),
  );
