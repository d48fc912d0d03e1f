export interface SettingMistake {
  /** Name of the environment variable. */
  readonly variable: string;
  readonly message: string;
  readonly description: string;
}

/** EX_CONFIG of sysexits.h: supervisors can tell a wrong configuration from a crash. */
const exitCodeConfiguration = 78;

/** Everything that is wrong with the environment. Never repeats a value: it may be a secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly exitCode = exitCodeConfiguration;

  constructor(readonly mistakes: readonly SettingMistake[]) {
    const lines = mistakes.map(
      ({ variable, message, description }) =>
        `  ${variable}: ${message}${description === '' ? '' : ` (${description})`}`,
    );
    super(`The settings are not valid:\n${lines.join('\n')}`);
  }
}
