import { setTimeout as wait } from 'node:timers/promises';

import { residentBytesOfTree } from './cpu-time.js';
import { slope } from './statistics.js';

/** Memory at one moment, in MiB. */
export interface Sample {
  readonly second: number;
  readonly resident: number;
  readonly heap: number;
}

export interface Trend {
  /** MiB at the low points, on average. */
  readonly level: number;
  /** MiB over the whole run, if it went on as in its second half. */
  readonly growth: number;
  readonly isFlat: boolean;
}

const samplesPerRun = 120;
const samplesPerLowPoint = 5;
const most = 0.05;
const MiB = 2 ** 20;

/** Reads the memory of a process at even intervals. */
export class MemoryWatch {
  readonly samples: Sample[] = [];

  constructor(
    private readonly subject: { readonly pid: number; readonly managementUrl: string },
    private readonly seconds: number,
  ) {}

  async run(): Promise<void> {
    const intervalMs = (this.seconds * 1_000) / samplesPerRun;
    for (let index = 0; index < samplesPerRun; index++) {
      await wait(intervalMs);
      const second = Math.round(((index + 1) * intervalMs) / 1_000);
      this.samples.push({
        second,
        resident: residentBytesOfTree(this.subject.pid) / MiB,
        heap: (await this.heapBytes()) / MiB,
      });
    }
  }

  /** Between two collections the heap grows, and that says nothing: the low points tell. */
  trend(what: 'resident' | 'heap'): Trend {
    const points: { x: number; y: number }[] = [];
    for (let at = this.samples.length >> 1; at + samplesPerLowPoint <= this.samples.length; at += samplesPerLowPoint) {
      const window = this.samples.slice(at, at + samplesPerLowPoint);
      points.push({ x: window[0]?.second ?? 0, y: Math.min(...window.map((sample) => sample[what])) });
    }
    const level = points.reduce((sum, { y }) => sum + y, 0) / points.length;
    const growth = slope(points) * this.seconds;
    return { level, growth, isFlat: growth < most * level };
  }

  private async heapBytes(): Promise<number> {
    const text = await (await fetch(`${this.subject.managementUrl}/actuator/prometheus`)).text();
    return Number(/^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1] ?? NaN);
  }
}
