import { runWrk, type Load, type LoadOptions } from '../client/wrk.js';
import type { Subject } from '../subjects/subject.js';
import { cpuTimeOfTree } from './cpu-time.js';

/** What one subject did in one round. */
export interface Measurement extends Load {
  readonly cpuPerRequest: number;
}

/** Measurements by the name of the subject, one for each round, in the order of the rounds. */
export type Measurements = ReadonlyMap<string, readonly Measurement[]>;

export interface RoundsOptions extends LoadOptions {
  readonly rounds: number;
  /** V8 compiles what it sees often: before that a request costs twice as much. */
  readonly warmUpRequests: number;
}

/**
 * Every subject once a round, and each round begins with another one: what else happens on the machine hits all of
 * them alike. Before the first round each is warmed up by as many requests as the others.
 */
export async function measureInRounds(subjects: readonly Subject[], options: RoundsOptions): Promise<Measurements> {
  const measurements = new Map<string, Measurement[]>(subjects.map(({ name }) => [name, []]));
  for (const subject of subjects) await warmUp(subject, options);
  for (let round = 0; round < options.rounds; round++) {
    console.error(`round ${round + 1} of ${options.rounds}`);
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(round + turn) % subjects.length] as Subject;
      measurements.get(subject.name)?.push(await measure(subject, options));
    }
  }
  return measurements;
}

async function warmUp(subject: Subject, options: RoundsOptions): Promise<void> {
  console.error(`warming up ${subject.name}`);
  let sent = 0;
  while (sent < options.warmUpRequests) sent += (await measure(subject, options)).requests;
}

async function measure(subject: Subject, options: LoadOptions): Promise<Measurement> {
  await subject.prepare?.();
  const before = cpuTimeOfTree(subject.pid);
  const load = await runWrk(subject.target, options);
  const cpuPerRequest = (cpuTimeOfTree(subject.pid) - before) / load.requests;
  if (load.errors > 0) throw new Error(`${subject.name}: ${load.errors} of ${load.requests} requests failed`);
  return { ...load, cpuPerRequest };
}
