import { type ComparedClock } from './compared-clock.js';

/** Between two measurements, at random in between: the processes of a stack must not ask all at once. */
const shortestPauseMs = 10_000;
const longestPauseMs = 30_000;
/** While nobody has answered yet, as at a start before Redis is connected. */
const retryMs = 1_000;

/** Measures now, and again and again until `stop` is called. No request waits for it, and none causes it. */
export async function compareFromNowOn(
  clock: ComparedClock,
  random: () => number = Math.random,
): Promise<{ stop(): void }> {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const round = async (): Promise<void> => {
    const haveAllAnswered = await clock.measure();
    if (isStopped) return;
    const pauseMs = shortestPauseMs + random() * (longestPauseMs - shortestPauseMs);
    const isBlind = !haveAllAnswered && clock.believed() === undefined;
    timer = setTimeout(() => void round(), isBlind ? retryMs : pauseMs).unref();
  };
  await round();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
