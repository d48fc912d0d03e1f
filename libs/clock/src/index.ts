export { ClockModule } from './clock.module.js';
export {
  type AskTime,
  type ClockComparison,
  ComparedClock,
  inWords,
  ownTime,
  type TimeSource,
} from './compared-clock.js';
export { compareFromNowOn } from './comparing.js';
