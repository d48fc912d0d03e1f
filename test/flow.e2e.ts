import { jest } from '@jest/globals';

import { Client } from './support/client.js';
import { DistributedStack, EmbeddedStack, type Stack } from './support/stack.js';
import { theWholeFlow } from './support/whole-flow.js';

jest.setTimeout(60_000);

const { GATEHOUSE_URL: url, GATEHOUSE_CA_FILE: caFile } = process.env;

if (url !== undefined) {
  // GATEHOUSE_URL=https://localhost GATEHOUSE_CA_FILE=tls.crt npm run test:flow
  describe(`the whole flow at ${url}`, () => {
    const client = new Client(url, { caFile });
    afterAll(() => client.close());
    theWholeFlow(() => client);
  });
} else {
  describe.each([
    { title: 'everything embedded in one process', create: (): Promise<Stack> => EmbeddedStack.create() },
    {
      title: 'a process each, two gateways, real MariaDB and Redis',
      create: (): Promise<Stack> => DistributedStack.create(),
    },
  ])('the whole flow: $title', ({ create }) => {
    let stack: Stack;
    let client: Client;
    beforeAll(async () => {
      stack = await create();
      await stack.start();
      client = new Client(stack.gateways[0] as string);
    });
    afterAll(async () => {
      await client?.close();
      await stack?.dispose();
    });

    theWholeFlow(() => client);

    it('has written no error to its log', () => {
      expect(
        stack
          .output()
          .split('\n')
          .filter((line) => /"level":"?(50|60|error|fatal)/.test(line)),
      ).toEqual([]);
    });
  });
}
