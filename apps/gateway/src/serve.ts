import { readSettings } from '@libs/config';
import { runService } from '@libs/service';

import type { CommandLine } from './operate/command/command-line.js';
import { run } from './operate/command/run.js';
import { GatewaySettings } from './settings/settings.js';
import { startGateway } from './start.js';

const serve = (line: CommandLine): Promise<void> =>
  runService(() => {
    const settings = readSettings(GatewaySettings);
    return startGateway({ ...settings, gatewayConfig: line.config ?? settings.gatewayConfig });
  });

await run(serve);
