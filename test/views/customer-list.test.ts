import { expect, test } from 'vitest';
import { CustomerListPage } from '#src/views/customer-pages.tsx';
import { sampleVisit } from './sample-case.ts';

test('a number among the attributes of a customer is written alike in the list and on the page', () => {
  const page = String(
    CustomerListPage({
      visit: sampleVisit(),
      list: {
        items: [
          {
            id: 1,
            key: 'k-1',
            name: 'Umbra',
            email: null,
            tier: null,
            revenue: null,
            language: null,
            renewal: null,
            attributes: {
              seats: { title: 'Seats', value: 12500, isPersonal: false },
              region: { title: 'Region', value: 'emea', isPersonal: false },
            },
            from: {},
            isListed: true,
            updatedAt: '2026-11-30T08:00:00Z',
          },
        ],
        cursor: null,
        next: null,
        hasFile: false,
        url: () => '',
      },
      search: '',
      attributes: {},
    }),
  );
  expect(page).toContain('Seats 12,500, Region emea');
});
