import { parseArgs } from 'node:util';

import { readSettings } from '@libs/config';
import { runService } from '@libs/service';

import { GatewaySettings } from './settings.js';
import { startGateway } from './start.js';

const usage = `Gatehouse, the gateway.

  npm run gateway -- [--config FILE]

  --config FILE   what to serve; config/gateway.yaml, or what GATEWAY_CONFIG names, unless given.
                  config/gateway.example.yaml explains every option.
  --help          this text

Environment: LOG_LEVEL; REDIS_URL, for limits that several gateways share; SEAL_KEY or SEAL_KEY_FILE, which is made
and kept in DATA_DIR without them; AUTH_SERVICE_GRPC and TENANT_SERVICE_GRPC, for the resolvers that ask; and
whatever the configuration file refers to as \${NAME}.
`;

const { values } = parseArgs({
  options: { config: { type: 'string', short: 'c' }, help: { type: 'boolean', short: 'h' } },
});

if (values.help === true) process.stdout.write(usage);
else {
  await runService(() => {
    const settings = readSettings(GatewaySettings);
    return startGateway({ ...settings, gatewayConfig: values.config ?? settings.gatewayConfig });
  });
}
