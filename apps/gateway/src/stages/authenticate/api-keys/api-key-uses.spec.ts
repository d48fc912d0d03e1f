import type { ApiKeyUse } from '@libs/grpc';

import { ApiKeyUses } from './api-key-uses.js';

describe('ApiKeyUses', () => {
  let now: number;
  let calls: ApiKeyUse[][];
  let isAway: boolean;
  let uses: ApiKeyUses;

  beforeEach(() => {
    now = 1_000;
    calls = [];
    isAway = false;
    const recordApiKeyUses = ({ uses: told }: { uses: ApiKeyUse[] }) => {
      if (isAway) return Promise.reject(new Error('auth-service is away'));
      calls.push(told);
      return Promise.resolve({});
    };
    uses = new ApiKeyUses({ recordApiKeyUses }, () => now);
  });
  afterEach(() => uses.close());

  it('tells the last use of each key in one call, and each use once', async () => {
    uses.note('key-1', '192.0.2.1');
    uses.note('key-2', '192.0.2.1');
    now = 2_000;
    uses.note('key-1', '192.0.2.2');
    await uses.tell();
    await uses.tell();
    expect(calls).toEqual([
      [
        { apiKeyId: 'key-1', time: new Date(2_000), clientAddress: '192.0.2.2' },
        { apiKeyId: 'key-2', time: new Date(1_000), clientAddress: '192.0.2.1' },
      ],
    ]);
  });

  it('tells no more than a thousand in one call', async () => {
    for (let n = 0; n < 2_001; n++) uses.note(`key-${n}`, '192.0.2.1');
    await uses.tell();
    expect(calls.map(({ length }) => length)).toEqual([1_000, 1_000, 1]);
  });

  it('tells later what could not be told, unless a later use counts by then', async () => {
    isAway = true;
    uses.note('key-1', '192.0.2.1');
    uses.note('key-2', '192.0.2.1');
    await uses.tell();
    now = 2_000;
    uses.note('key-1', '192.0.2.2');
    isAway = false;
    await uses.tell();
    expect(calls.flat().map(({ apiKeyId, time }) => [apiKeyId, time?.getTime()])).toEqual([
      ['key-1', 2_000],
      ['key-2', 1_000],
    ]);
  });
});
