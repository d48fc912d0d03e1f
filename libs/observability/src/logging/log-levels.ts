import { levels as severityOf } from 'pino';

/** From the least to the most that is told. */
export const logLevelNames = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevelNames)[number];

/** Loggers that are known by name: those that said something, and those whose level somebody set. */
const maxLoggers = 500;

const severity = (level: LogLevel): number => (level === 'silent' ? Infinity : (severityOf.values[level] ?? 0));

/** Which lines are written, by the name of their logger (Nest calls it the context). Changed while the process runs. */
export class LogLevels {
  private readonly own = new Map<string, LogLevel>();
  private readonly seen = new Set<string>();
  private readonly listeners: ((widest: LogLevel) => void)[] = [];

  constructor(
    private readonly atStart: LogLevel,
    private common: LogLevel = atStart,
  ) {}

  get root(): LogLevel {
    return this.common;
  }

  get names(): string[] {
    return [...new Set([...this.seen, ...this.own.keys()])].toSorted();
  }

  ownLevel(name: string): LogLevel | undefined {
    return this.own.get(name);
  }

  levelOf(name: string): LogLevel {
    return this.own.get(name) ?? this.common;
  }

  isEnabled(name: string, level: LogLevel): boolean {
    if (name !== '' && this.seen.size < maxLoggers) this.seen.add(name);
    return severity(level) >= severity(this.levelOf(name));
  }

  /** Undefined: as at the start. */
  setRoot(level: LogLevel | undefined): void {
    this.common = level ?? this.atStart;
    this.tell();
  }

  /** Undefined: as the root says. False if there are too many already. */
  set(name: string, level: LogLevel | undefined): boolean {
    if (level === undefined) this.own.delete(name);
    else if (this.own.has(name) || this.own.size < maxLoggers) this.own.set(name, level);
    else return false;
    this.tell();
    return true;
  }

  /** Is told the level that lets every enabled line through. */
  onChange(listener: (widest: LogLevel) => void): void {
    this.listeners.push(listener);
  }

  private tell(): void {
    const all = [this.common, ...this.own.values()];
    const widest = all.reduce((a, b) => (severity(b) < severity(a) ? b : a));
    for (const listener of this.listeners) listener(widest);
  }
}
