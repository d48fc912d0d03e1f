import { Names } from '@libs/names';
import { NameServer, startOtlpReceiver } from '@libs/testing';

import { newTraceId } from './trace-context.js';
import { flushSpans, startTracing } from './tracing.js';

describe('startTracing', () => {
  it('finds the collector by the names that it is given', async () => {
    const nameServer = await NameServer.start();
    nameServer.know('collector.test', [{ type: 'A', address: '127.0.0.1' }]);
    const receiver = await startOtlpReceiver();
    const names = new Names({ servers: [nameServer.address], resolverFile: '/nowhere' });
    const endpoint = receiver.url.replace('127.0.0.1', 'collector.test');
    const tracer = startTracing({ service: 'shop', version: '1', ratio: 1, endpoint, names });
    tracer?.receive(undefined, newTraceId(), 'GET /')?.end();
    await flushSpans(20_000);
    expect(nameServer.questionsAbout('collector.test')).toBe(2);
    expect(receiver.spans).toHaveLength(1);
    await receiver.close();
    await nameServer.close();
  });
});
