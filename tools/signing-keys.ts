/** Lists and rotates the keys that sign access tokens. */
import { GrpcClients, SigningKeyServiceService, SigningKeyState } from '@libs/grpc';

import { operatorKeys, runTool } from './operator.js';

const usage = `usage: npm run keys -- list|rotate

  list    the keys that are published, with what they are doing
  rotate  publishes the next key. It signs once every verifier has had the time to fetch it; the key before it stays
          published until its last token is gone. While a key waits to sign, rotating again changes nothing.
`;

type Keys = ReturnType<typeof connect>['keys'];

function connect() {
  const clients = new GrpcClients({ service: 'operator', ...operatorKeys() });
  return { keys: clients.to('auth-service', SigningKeyServiceService), close: () => clients.onApplicationShutdown() };
}

const commands: Readonly<Record<string, (keys: Keys) => Promise<string>>> = {
  async list(keys) {
    const listed = await keys.listSigningKeys({}, { as: 'service' });
    return listed.keys
      .map(({ keyId, algorithm, signTime, unpublishTime, state }) => {
        const until = unpublishTime === undefined ? '' : `  published until ${unpublishTime.toISOString()}`;
        return `${keyId}  ${algorithm}  ${SigningKeyState[state].toLowerCase()}  signs from ${signTime?.toISOString()}${until}\n`;
      })
      .join('');
  },
  async rotate(keys) {
    const { keyId, signTime } = await keys.rotateSigningKeys({}, { as: 'service' });
    return `${keyId} is published and signs from ${signTime?.toISOString()}\n`;
  },
};

await runTool(usage, async () => {
  const command = commands[process.argv[2] ?? ''];
  if (command === undefined) throw new Error(usage);
  const { keys, close } = connect();
  try {
    process.stdout.write(await command(keys));
    return 0;
  } finally {
    close();
  }
});
