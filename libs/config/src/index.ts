export { ConfigError, type ConfigMistake } from './config-error.js';
export { describeSettings, type SettingDescription } from './describe-settings.js';
export { type Environment, environmentWith } from './environment.js';
export { parseYaml, type ParseYamlOptions, readYaml, type ReportMistake } from './parse-yaml.js';
export { readSettings } from './read-settings.js';
export { loadOrCreateSecrets, randomKey, readSecret } from './secret-files.js';
export { type Peers, type ServicePorts, type ServiceSettings, serviceSettings } from './service-settings.js';
export { secret, setting } from './setting.js';
export { type SettingMistake, SettingsError } from './settings-error.js';
