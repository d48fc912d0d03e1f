import { describeFilter, describeOrderBy, orderByPattern } from './describe-list.js';
import { listQueryOf } from './list-query.js';
import { parseFilter } from './parse-filter.js';
import { parseOrderBy } from './parse-order-by.js';

const options = {
  defaultOrder: 'createdAt desc',
  orderable: ['name', 'createdAt'],
  filterable: {
    name: 'text',
    ownerId: 'id',
    status: ['active', 'archived'],
    stars: 'number',
    pinned: 'boolean',
    createdAt: 'time',
  },
  size: { few: 'none' },
} as const;

const values: Record<string, string> = {
  name: 'x',
  ownerId: 'x',
  status: 'active',
  stars: '1',
  pinned: 'true',
  createdAt: '"2026-01-31T12:00:00Z"',
};
const operators = ['=', '!=', '<', '<=', '>', '>=', ':'];

const isTaken = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};

describe('the description of a list', () => {
  const { description } = describeFilter(options);

  it.each(Object.keys(options.filterable))('says of %s which operators its filter takes, and no others', (field) => {
    const line = description.split('\n').find((one) => one.startsWith(`- \`${field}\` (`)) ?? '';
    const said = [...line.slice(line.lastIndexOf('):')).matchAll(/`(\S+?)`/g)].map(([, operator]) => operator);
    const taken = operators.filter((operator) =>
      isTaken(() => parseFilter(`${field} ${operator} ${values[field] ?? ''}`, options.filterable)),
    );
    expect(said.toSorted()).toEqual(taken.toSorted());
  });

  it('shows a filter that is taken, whatever kind its first field has', () => {
    for (const [field, kind] of Object.entries(options.filterable)) {
      const filterable = { [field]: kind };
      const [example = ''] = describeFilter({ ...options, filterable }).examples;
      expect([example, isTaken(() => parseFilter(example, filterable))]).toEqual([example, true]);
    }
    expect(describeFilter({ defaultOrder: 'id', orderable: ['id'], size: { few: 'none' } }).examples).toEqual([]);
  });

  it.each([
    'name',
    'name asc',
    'name desc, createdAt',
    ' createdAt   desc ,name',
    'stars',
    'name up',
    'name desc createdAt',
    'name,',
    ',name',
    'names',
    'name;createdAt',
  ])('has a pattern that takes the order %j where it is taken', (orderBy) => {
    const pattern = new RegExp(orderByPattern(options));
    expect(pattern.test(orderBy)).toBe(isTaken(() => parseOrderBy(orderBy, options.orderable)));
  });

  it('names the fields of an order, and the order of those who ask for none', () => {
    expect(describeOrderBy(options)).toMatch(/`name`, `createdAt`.*`createdAt desc`/);
    expect(listQueryOf(options).parse({ orderBy: 'name' })).toEqual({ pageSize: 20, orderBy: 'name' });
  });
});
