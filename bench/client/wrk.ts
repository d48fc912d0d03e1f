import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { requireProgram } from '../subjects/programs.js';

/** What is asked for. The client goes through the requests in order, again and again. */
export interface Target {
  readonly url: string;
  readonly requests: readonly TargetRequest[];
}

export interface TargetRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadOptions {
  readonly seconds: number;
  readonly connections: number;
  /** How long each connection rests before a request. Without it, the server has never nothing to do. */
  readonly pauseMs?: number;
}

/** What came of it. Latencies in ms. */
export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not 2xx or 3xx, and connections that broke or timed out. */
  readonly errors: number;
}

// Requests are put together before the load begins, so that the client costs the same whatever it asks for.
const script = /* lua */ `
local texts, next = {}, 0
function init(arguments)
  local pause = tonumber(arguments[2])
  if pause > 0 then delay = function() return pause end end
  for line in io.lines(arguments[1]) do
    local fields = {}
    for field in (line .. "\\t"):gmatch("([^\\t]*)\\t") do fields[#fields + 1] = field end
    local headers = { Host = wrk.headers.Host }
    for at = 2, #fields, 2 do headers[fields[at]] = fields[at + 1] end
    texts[#texts + 1] = wrk.format("GET", fields[1], headers)
  end
end
function request()
  next = next % #texts + 1
  return texts[next]
end
function done(summary, latency)
  local e = summary.errors
  print(string.format('JSON {"requests":%d,"microseconds":%d,"p50":%g,"p99":%g,"errors":%d}', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
`;

interface Summary extends Omit<Load, 'requestsPerSecond'> {
  readonly microseconds: number;
}

/** One bounded run of wrk on one thread: as many requests as the server answers, at most one per connection at a time. */
export async function runWrk(
  { url, requests }: Target,
  { seconds, connections, pauseMs = 0 }: LoadOptions,
): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-wrk-'));
  try {
    const [scriptFile, requestsFile] = [join(folder, 'load.lua'), join(folder, 'requests.tsv')];
    const lines = requests.map(({ path, headers }) => [path, ...Object.entries(headers).flat()].join('\t'));
    await Promise.all([writeFile(scriptFile, script), writeFile(requestsFile, `${lines.join('\n')}\n`)]);
    const load = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`, '--latency'];
    const { stdout } = await promisify(execFile)(
      requireProgram('wrk'),
      [...load, '--script', scriptFile, url, requestsFile, String(pauseMs)],
      { timeout: (seconds + 30) * 1_000 },
    );
    return readSummary(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readSummary(output: string): Load {
  const [, json] = /^JSON (.*)$/m.exec(output) ?? [];
  if (json === undefined) throw new Error(`wrk said:\n${output}`);
  const { microseconds, ...summary } = JSON.parse(json) as Summary;
  return {
    ...summary,
    requestsPerSecond: (summary.requests / microseconds) * 1_000_000,
    p50: summary.p50 / 1_000,
    p99: summary.p99 / 1_000,
  };
}
