import { stringify } from 'yaml';

import { ConfigError, type Environment } from '@libs/config';
import { type FieldError, Refusal } from '@libs/errors';

import { asWritten } from '../../configuration/document/as-written.js';
import { readCandidate } from '../../configuration/live/candidate.js';
import type { ConfigurationStatus } from '../../configuration/live/configuration-status.js';
import type { GatewayConfiguration } from '../../configuration/schema/gateway-configuration.schema.js';
import { diffConfigurations } from '../../configuration/diff/diff-configurations.js';
import type { ParsedConfiguration } from '../../configuration/document/read-configuration.js';
import { redact } from '../../configuration/document/redact.js';
import type { Discoveries } from '../../discovery/discoveries.js';
import type { Candidate } from './candidate.schema.js';
import type { ConfigurationView, DiffView, ValidationView } from './configuration.view.js';

/** Answers questions about the configuration in force and about others that might follow it. */
export class ConfigurationService {
  constructor(
    private readonly status: ConfigurationStatus,
    private readonly environment: Environment,
    private readonly discoveries: Discoveries | undefined,
  ) {}

  show(): ConfigurationView {
    const { source, inForce, since, failure, pendingRestart, doubts, configuration } = this.status;
    return {
      source,
      version: inForce.version,
      place: inForce.place,
      since: since.toISOString(),
      failure:
        failure === undefined
          ? null
          : { ...failure, mistakes: failure.mistakes.map(toMistake), since: failure.since.toISOString() },
      discoveryFailures: this.discoveries?.failures() ?? {},
      pendingRestart,
      doubts: doubts.map(toMistake),
      configuration: redact(asWritten(configuration), this.environment) as Record<string, unknown>,
    };
  }

  async validate(candidate: Candidate): Promise<ValidationView> {
    try {
      const { doubts } = await this.read(textOf(candidate));
      return { valid: true, mistakes: [], doubts: doubts.map(toMistake) };
    } catch (error) {
      if (error instanceof ConfigError) return { valid: false, mistakes: error.mistakes.map(toMistake), doubts: [] };
      throw error;
    }
  }

  /** What a document means. Refuses one that is not right, and names every mistake. */
  async check(text: string): Promise<GatewayConfiguration> {
    try {
      const { configuration } = await this.read(text);
      return configuration;
    } catch (error) {
      if (error instanceof ConfigError) throw new Refusal('REQUEST_INVALID', { errors: error.mistakes.map(toField) });
      throw error;
    }
  }

  async diff(candidate: Candidate): Promise<DiffView> {
    const next = await this.check(textOf(candidate));
    const changes = diffConfigurations(asWritten(this.status.configuration), asWritten(next));
    return { changes: changes.map((change) => this.withoutSecrets(change)) };
  }

  private read(text: string): Promise<ParsedConfiguration> {
    return readCandidate({ text, place: 'document', folder: this.status.inForce.folder }, this.environment);
  }

  /** A secret that changed is told to have changed. */
  private withoutSecrets({ path, kind, ...values }: ReturnType<typeof diffConfigurations>[number]) {
    const shown = Object.entries(values).map(([name, value]) => [name, redactAt(path, value, this.environment)]);
    return { path: [...path], kind, ...(Object.fromEntries(shown) as { before?: unknown; after?: unknown }) };
  }
}

export const textOf = ({ document }: Candidate): string =>
  typeof document === 'string' ? document : stringify(document);

const toMistake = ({ line, column, path, message }: ConfigError['mistakes'][number]) => ({
  line,
  column,
  path,
  message,
});

const toField = ({ line, column, path, message }: ConfigError['mistakes'][number]): FieldError => ({
  field: path === '' ? 'document' : path,
  code: 'INVALID',
  message: line === 0 ? message : `${line}:${column} ${message}`,
});

/** Shows a value as it would be shown inside of a whole configuration. */
function redactAt(path: readonly string[], value: unknown, environment: Environment): unknown {
  const whole = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const shown = redact(whole, environment);
  return path.reduce((part, key) => (part as Record<string, unknown>)[key], shown);
}
