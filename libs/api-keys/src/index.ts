export { apiKeyHint, readApiKey, secretBytes as apiKeySecretBytes, writeApiKey } from './api-key-format.js';
