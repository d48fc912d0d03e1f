import { Logger, type LoggerService } from '@nestjs/common';

import { openWhenThere } from './open-when-there.js';

const away = (): Error =>
  new Error('The database does not open (MySQL at db:3306): connect ECONNREFUSED', {
    cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  });

const said: string[] = [];
const say = (line: { msg: string }): void => void said.push(line.msg);
const collector: LoggerService = { log: say, warn: say, error: say };

describe('openWhenThere', () => {
  beforeAll(() => Logger.overrideLogger(collector));
  beforeEach(() => void said.splice(0));

  it('waits for a database that is not there yet, and says so once', async () => {
    let attempts = 0;
    const opened = await openWhenThere(
      async () => {
        attempts++;
        if (attempts < 6) throw away();
        return 'open';
      },
      { forMs: 60_000, everyMs: 1 },
    );
    expect(opened).toBe('open');
    expect(said).toEqual(['waiting for the database', 'the database is there']);
  });

  it('says nothing of one that is there', async () => {
    await openWhenThere(async () => 'open');
    expect(said).toEqual([]);
  });

  it('gives up in the end', async () => {
    const never = openWhenThere(() => Promise.reject(away()), { forMs: 5, everyMs: 1 });
    await expect(never).rejects.toThrow('MySQL at db:3306');
  });

  it('does not wait for what waiting does not mend', async () => {
    let attempts = 0;
    const refused = openWhenThere(async () => {
      attempts++;
      throw new Error('The database does not open', { cause: Object.assign(new Error('denied'), { errno: 1045 }) });
    });
    await expect(refused).rejects.toThrow('does not open');
    expect(attempts).toBe(1);
  });
});
