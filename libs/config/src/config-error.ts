export interface ConfigMistake {
  readonly source: string;
  /** Counted from 1; 0 when the place is not known. */
  readonly line: number;
  readonly column: number;
  /** Dotted path inside the document, for instance `routes.0.service`. */
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong with a configuration file, each mistake with its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** EX_CONFIG of sysexits.h, as for wrong settings. */
  readonly exitCode = 78;

  constructor(readonly mistakes: readonly ConfigMistake[]) {
    super(`The configuration is not valid:\n${mistakes.map((mistake) => `  ${describeMistake(mistake)}`).join('\n')}`);
  }

  /** One line for each mistake: `file:line:column path: message`. */
  get lines(): string[] {
    return this.mistakes.map(describeMistake);
  }
}

export const describeMistake = ({ source, line, column, path, message }: ConfigMistake): string =>
  `${line === 0 ? source : `${source}:${line}:${column}`}${path === '' ? '' : ` ${path}`}: ${message}`;
