/** A configuration as it was written, wherever it is kept. */
export interface ConfigurationDocument {
  /** YAML, or JSON, which is YAML. `${NAME}` is not filled in yet: what is secret stays in the environment. */
  readonly text: string;
  /** Named in mistakes, for instance `config/gateway.yaml` or `version 7`. */
  readonly place: string;
  /** Names of files in it are relative to this folder. */
  readonly folder: string;
  /** Says whether two documents are the same one. */
  readonly version: string;
  /** Of versions that are counted. */
  readonly number?: number;
  /** Which publication of a database it is. */
  readonly publication?: number;
}
