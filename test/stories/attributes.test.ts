import { beforeEach, expect, it, vi } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { CustomerJson } from '#domain/json/people-json.ts';
import { listEndpoints } from '#src/routes/api/lists.ts';
import { CaseListPage } from '#src/views/case-list.tsx';
import { storeCustomerList } from '#src/workspace/intake/operator-actions.ts';
import { passUntil } from '#test/harness/calendar.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

/*
 * Two attributes that no line of the source knows: Acme declares them in its workspace file, and everything from the
 * delivery to the erasure works with them.
 */

vi.setConfig({ testTimeout: 120_000 });

const declared = `attributes:
  region: { values: [EMEA, APAC], title: Sales region }
  plan: { type: text }
`;

let acme: EmulatedHarness;
beforeEach(() => {
  acme = new EmulatedHarness(
    simulatedSettings(
      (file) =>
        file
          .replace('sources:\n', `${declared}\nsources:\n`)
          .replace(
            'language: hidden.lang',
            'language: hidden.lang\n      region: hidden.region\n      plan: hidden.plan',
          ),
      (name, text) =>
        name === 'upgrade-not-installed'
          ? text
              .replace('completed, is: no }', 'completed, is: no }, { customer: region, any-of: [emea, apac] }')
              .replace(/^title: .*$/m, 'title: "{{ customer.region }}: {{ category }}"')
          : text,
    ),
  );
});

const handles = (attributes: Record<string, string>) =>
  acme
    .call('list', { what: 'cases', cursor: null, limit: 50, attributes })
    .items.filter((item): item is CaseJson => 'handle' in item && item.kind === 'tactical')
    .map(({ customer }) => customer.key);

const customers = (attributes: Record<string, string>) =>
  acme
    .call('list', { what: 'customers', cursor: null, limit: 50, attributes })
    .items.filter((item): item is CustomerJson => 'isListed' in item)
    .map(({ key }) => key);

async function begin(): Promise<void> {
  const list = 'key,region,plan\nk-listed,apac,Enterprise 2027\n';
  finishSteps(storeCustomerList(acme.core, new TextEncoder().encode(list), 'dana'));
  const no = { completed: false, tier: 'gold' };
  await acme.deliver({
    ...no,
    token: 'e',
    customer: 'k-emea',
    hidden: { region: 'emea', plan: 'Maria’s plan' },
  });
  await acme.deliver({ ...no, token: 'l', customer: 'k-listed', hidden: { region: 'EMEA', plan: 'Free' } });
  await acme.deliver({ ...no, token: 'x', customer: 'k-else', hidden: { region: 'the moon' } });
}

it('goes from the delivery through case, condition, issue, lists and report', async () => {
  await begin();
  // The condition asks for a region: the third response has none that is listed.
  expect(acme.decisions('x')).toContainEqual(
    expect.objectContaining({ template: 'upgrade-not-installed', opened: false }),
  );
  expect(acme.decisions('e').find(({ opened }) => opened)?.why).toContain('Customer’s region is emea or apac');
  const { customer } = acme.call('case', acme.case().id);
  expect(customer.attributes).toEqual({
    region: { title: 'Sales region', value: 'EMEA', isPersonal: false },
    plan: { title: 'Plan', value: 'Maria’s plan', isPersonal: true },
  });
  // The customer list counts before the response.
  expect(acme.call('case', acme.case(1).id).customer.attributes.region?.value).toBe('APAC');

  // Only the listed value stands in the tracker.
  const issues = await acme.trackerUser.support.list();
  const texts = JSON.stringify(issues);
  expect(texts).toContain('EMEA: Installation issues');
  expect(texts).toContain('APAC: Installation issues');
  expect(texts).toContain('Sales region');
  expect(texts).not.toMatch(/Maria|Enterprise|moon/);

  expect(handles({})).toEqual(['k-listed', 'k-emea']);
  expect(handles({ region: 'emea' })).toEqual(['k-emea']);
  expect(handles({ region: 'APAC', plan: 'enterprise 2027' })).toEqual(['k-listed']);
  expect(handles({ region: 'EMEA', plan: 'enterprise 2027' })).toEqual([]);
  expect(customers({ region: 'apac' })).toEqual(['k-listed']);
  expect(() => handles({ regio: 'emea' })).toThrow(/customer\.regio: .*did you mean region\?/);

  await passUntil(acme, '2026-11-23 14:00');
  await acme.trackerUser.support.close('SUP-1', '5b10ac8d82e05b22cc7d4ef1', 'completed');
  await passUntil(acme, '2026-11-23 19:00');
  acme.answer('customer', { resolved: 'yes' });
  const { groups } = acme.call('report', { by: 'customer.region' });
  const confirmed = groups.find(({ name }) => name === 'EMEA')?.figures.find(({ id }) => id === 'confirmation');
  expect(confirmed?.now).toMatchObject({ count: 1, total: 1 });
});

it('is given when a case is opened by hand, and refused by its name where it is unknown', () => {
  const open = (attributes: Record<string, unknown>) =>
    acme.call('openByHand', {
      template: 'upgrade-not-installed',
      customer: { key: 'k-hand', email: null, name: null, tier: null, revenue: null, attributes },
      reason: 'rang us',
      who: 'dana',
    });
  expect(() => open({ regio: 'emea' })).toThrow(
    /^customer\.attributes\.regio: is not under attributes of the workspace file: regio; did you mean region\?/,
  );
  expect(() => open({ region: 'the moon' })).toThrow(
    /^customer\.attributes\.region: must be one of its values; .*EMEA/,
  );
  // An address may be given in its own field only, where roles are checked.
  expect(() => open({ email: 'k@customer.example' })).toThrow(/^customer\.attributes\.email: is not under attributes/);
  expect(open({ region: 'emea', plan: 'Enterprise 2027' }).customer.attributes).toMatchObject({
    region: { value: 'EMEA' },
    plan: { value: 'Enterprise 2027' },
  });
  expect(handles({ region: 'emea' })).toEqual(['k-hand']);
});

it('is shown on pages, and a parameter of the lists', async () => {
  await begin();
  const { access: _, ...about } = acme.call('about', null);
  const attributes = { region: 'EMEA' };
  const query = { show: 'open', 'customer.region': 'EMEA' };
  const listed = acme.call('caseRows', { show: 'open', attributes, cursor: null, limit: 50, who: 'dana' });
  const page = async (access: 'manager' | 'member') => {
    const visit = { ...about, workspace: 'acme', person: 'eve', access, now: acme.now, query: {} };
    const list = {
      ...listed,
      next: '1_1',
      states: [],
      query,
      show: 'open' as const,
      cursor: null,
      attributes,
      done: null,
    };
    return String(await CaseListPage({ visit, list }));
  };
  const seen = await page('manager');
  expect(seen).toContain('name="customer.region"');
  expect(seen).toMatch(/<option value="EMEA" selected/);
  expect(seen).toContain('customer.region=EMEA');
  expect(listed.counts).toMatchObject({ open: 1, all: 1 });
  expect(listEndpoints['GET cases'].query?.safeParse({ 'customer.region': 'emea' }).success).toBe(true);
  expect(listEndpoints['GET cases'].query?.safeParse({ region: 'emea' }).error?.issues[0]?.message).toMatch(
    /customer\.NAME/,
  );
});

it('is handed over with its origin, and gone after an erasure', async () => {
  await begin();
  const [known] = acme.call('exportPerson', 'k-listed', { who: 'dana' }).customers;
  expect(known).toMatchObject({
    attributes: { region: 'APAC', plan: 'Enterprise 2027' },
    from: { region: 'list', plan: 'list', tier: 'response' },
  });
  acme.call('erasePerson', 'k-listed', { who: 'dana' });
  expect(storedLines(acme.sql).filter((line) => /Enterprise 2027|k-listed/.test(line))).toEqual([]);
  expect(customers({ region: 'apac' })).toEqual([]);
  expect(acme.call('case', acme.case(1).id).customer.attributes).toEqual({});
});
