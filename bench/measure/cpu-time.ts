import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in ticks of 10 ms for whoever asks from outside (`getconf CLK_TCK`). */
const microsecondsPerTick = 10_000;

/** CPU time of a process, of those that descend from it, and of those of them that have ended: user and system, in µs. */
export const cpuTimeOfTree = (pid: number): number =>
  treeOf(pid).reduce((sum, member) => sum + cpuTimeOf(member), 0) * microsecondsPerTick;

/** Memory that the tree holds, in bytes: what is resident, shared pages counted once for each process. */
export const residentBytesOfTree = (pid: number): number =>
  treeOf(pid).reduce((sum, member) => sum + residentKiBOf(member), 0) * 1024;

function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(treeOf)];
}

/** proc(5): the name in parentheses may hold spaces; after it utime is the 12th field, then stime, cutime, cstime. */
function cpuTimeOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
}

const residentKiBOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
