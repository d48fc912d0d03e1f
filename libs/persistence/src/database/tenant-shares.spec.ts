import { TenantShares } from './tenant-shares.js';

const settled = async (): Promise<void> => void (await new Promise((resolve) => setImmediate(resolve)));

describe('TenantShares', () => {
  it('lets a tenant wait for itself, in the order of asking, and nobody else', async () => {
    const shares = new TenantShares(2, 60_000);
    const order: string[] = [];
    const take = async (tenant: string, name: string) => {
      const giveBack = await shares.take(tenant);
      order.push(name);
      return giveBack;
    };
    const [first, second] = [await take('a', 'a1'), await take('a', 'a2')];
    const [third, fourth] = [take('a', 'a3'), take('a', 'a4')];
    await take('b', 'b1');
    await settled();
    expect(order).toEqual(['a1', 'a2', 'b1']);
    second();
    second();
    (await third)();
    first();
    await fourth;
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
  });

  it('has no bound for what belongs to no tenant', async () => {
    const shares = new TenantShares(1, 60_000);
    await expect(Promise.all([shares.take(''), shares.take(''), shares.take('')])).resolves.toHaveLength(3);
  });

  it('refuses who has waited for too long, and gives the place to the next', async () => {
    const shares = new TenantShares(1, 20);
    const giveBack = await shares.take('a');
    await expect(shares.take('a')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const next = shares.take('a');
    giveBack();
    (await next)();
    await expect(shares.take('a')).resolves.toBeDefined();
  });
});
