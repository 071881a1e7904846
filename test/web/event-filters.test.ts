import { expect, test } from 'vitest';
import { readEventFilters } from '../../web/src/admin/event-filters.ts';
import { changeFilters, toQuery } from '../../web/src/ui/link-filters.ts';

const USER = '01930000-0000-7000-8000-000000000001';
const read = (query: string) => readEventFilters(new URLSearchParams(query));

test('reads the filters of a query and writes the same query', () => {
  const query = `type=login&userId=${USER}&from=2026-03-01&to=2026-03-02`;
  const { filters, problems } = read(query);
  expect(problems).toEqual([]);
  expect(toQuery(filters).toString()).toBe(query);
  expect(toQuery(read('').filters).toString()).toBe('');
});

test.each([
  ['userId=ada', 'userId must be the id of a user, not “ada”'],
  ['from=2026-02-30', 'from must be a day such as 2026-03-02, not “2026-02-30”'],
  ['to=0002-03-01', 'to must be a day such as 2026-03-02, not “0002-03-01”'],
  ['type=login&type=logout', 'type may appear only once, not 2 times'],
  ['search=ada', '“search” is not a filter of this list'],
])('ignores the invalid query %s and reports it', (query, problem) => {
  const { filters, problems } = read(query);
  expect(problems).toEqual([problem]);
  expect(toQuery(filters).toString()).toBe('');
});

test('ignores a last day before the first day', () => {
  const { filters, problems } = read('from=2026-03-02&to=2026-03-01');
  expect(problems).toEqual(['to must not be before 2026-03-02']);
  expect(toQuery(filters).toString()).toBe('from=2026-03-02');
});

test('removes the other day when a change puts the two days in the wrong order', () => {
  const { filters } = read('from=2026-03-01&to=2026-03-03');
  expect(changeFilters(filters, { from: '2026-03-04' })).toMatchObject({
    from: '2026-03-04',
    to: undefined,
  });
  expect(changeFilters(filters, { to: '2026-02-01' })).toMatchObject({
    from: undefined,
    to: '2026-02-01',
  });
  expect(changeFilters(filters, { from: '2026-03-03' })).toMatchObject({ to: '2026-03-03' });
});
