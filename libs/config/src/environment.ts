export type Environment = Readonly<Record<string, string | undefined>>;

/** The one place that touches `process.env`: all else is handed an environment, or settings. */
export const processEnvironment = (): Environment => process.env;

/** The environment of this process, completed by defaults. A variable that is set to nothing counts as unset. */
export function environmentWith(
  defaults: Readonly<Record<string, string>>,
  environment: Environment = processEnvironment(),
): Environment {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  return { ...defaults, ...Object.fromEntries(set) };
}
