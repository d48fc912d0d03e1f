import { ApiKeys } from './api-keys.js';
import { rejected } from '../credentials/challenge.js';

/** A gateway without API keys; the header that would carry one is then like any other. */
export class NoApiKeys extends ApiKeys {
  identify(): Promise<never> {
    return Promise.reject(rejected('there are no API keys'));
  }
}
