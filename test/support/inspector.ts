import { once } from 'node:events';

import { WebSocket } from 'undici';

/** What lives in a process, without what the garbage collector would take away. */
export interface LiveMemory {
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** Looks into a process that was started with `--inspect`, as a developer's browser does. */
export class Inspector {
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** `output`: what the process has said, its address among it. */
  static async attach(output: string): Promise<Inspector> {
    const [address] = /ws:\/\/\S+/.exec(output) ?? [];
    if (address === undefined) throw new Error(`the process says nothing of an inspector:\n${output}`);
    const socket = new WebSocket(address);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  async liveMemory(): Promise<LiveMemory> {
    // What finalizers let go of goes with the next collection.
    for (let times = 0; times < 3; times++) await this.call('HeapProfiler.collectGarbage');
    const { result } = (await this.call('Runtime.evaluate', {
      expression: 'process.memoryUsage()',
      returnByValue: true,
    })) as { result: { value: NodeJS.MemoryUsage } };
    return { heapBytes: result.value.heapUsed + result.value.external, residentBytes: result.value.rss };
  }

  close(): void {
    this.socket.close();
  }

  private async call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [{ data }] = (await once(this.socket, 'message')) as [MessageEvent<string>];
      const message = JSON.parse(data) as { id?: number; result?: unknown };
      if (message.id === id) return message.result;
    }
  }
}
