import { describe, expect, it } from 'vitest';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const source = `sources:
  recovery-form:
    kind: typeform
    secret: TYPEFORM_SECRET
    questions: { solved: q_solved, rating: q_rating, words: q_words }
`;
const via = `via:
  source: recovery-form
  link: "https://form.typeform.com/to/abc#case={{ token }}"
  token: hidden.case
  answers: { resolved: solved, handling: rating, comment: words }
  values: { resolved: { "Ja, alles gut": "yes", "Nein": "no" } }
`;
const settings = (change: (text: string) => string = (text) => text) =>
  acme(({ name, text }) => {
    if (name === 'acme') return text.replace('sources:\n', source).replace('every: 2 minutes', 'every: 1 day');
    return name === 'recovery' ? change(`${text}\n${via}`) : text;
  });

interface Answer {
  token?: string;
  id?: string;
  solved?: string | boolean;
  at?: number;
  partial?: boolean;
}

async function asked(): Promise<Harness> {
  const harness = new Harness(settings());
  await harness.receive({ completed: false });
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
  await harness.pass(day + hour);
  return harness;
}

const linkOf = (harness: Harness) =>
  /https:\/\/form\.typeform\.com\/to\/abc#case=(\S+)/.exec(
    harness.mail.accepted.find(({ to }) => to === 'k-1@customer.example')?.text ?? '',
  )?.[1] ?? '';

async function answer(harness: Harness, { token = linkOf(harness), id = 'a-1', solved = 'Nein', at, partial }: Answer) {
  const field = (name: string) => ({ id: name, type: 'x', ref: `q_${name}` });
  const json = {
    event_id: 'e',
    event_type: partial ? 'form_response_partial' : 'form_response',
    form_response: {
      form_id: 'recovery',
      token: id,
      submitted_at: new Date(at ?? harness.now).toISOString(),
      hidden: { case: token },
      answers: [
        typeof solved === 'boolean'
          ? { type: 'boolean', boolean: solved, field: field('solved') }
          : { type: 'choice', choice: { label: solved }, field: field('solved') },
        { type: 'number', number: 4, field: field('rating') },
        { type: 'text', text: 'It still stops.', field: field('words') },
      ],
    },
  };
  const body = new TextEncoder().encode(JSON.stringify(json));
  storeDeliveries(harness.core, [{ source: 'recovery-form', raw: { body, headers: {}, receivedAt: harness.now } }]);
  await harness.pass(0);
}

const decisionsOf = (harness: Harness) =>
  harness
    .responses()
    .filter(({ content }) => content.source === 'recovery-form')
    .map(({ decisions }) => decisions.flatMap(({ why }) => why).join('; '));

describe('a follow-up asked in the department’s own survey tool', () => {
  it('is linked with a token of its own, and its answer disputes the closing', async () => {
    const harness = await asked();
    expect(linkOf(harness)).toMatch(/^acme\.f_[0-9a-f]+\.[0-9a-f]{32}$/);
    await answer(harness, {});
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'answered',
      answers: { resolved: 'no', handling: '4', comment: 'It still stops.' },
    });
    expect(harness.timeline()).toContain('verdict: disputed');
    expect(harness.cases()).toHaveLength(1);
    expect(decisionsOf(harness)[0]).toMatch(/^the answer to a follow-up/);
  });

  it.each([
    ['Ja, alles gut', 'yes'],
    [true, 'yes'],
    [false, 'no'],
    ['Only in part', 'partly'],
    ['PARTLY', 'partly'],
  ])('takes %s for %s', async (solved, resolved) => {
    const harness = await asked();
    await answer(harness, { solved });
    expect(harness.customerFollowUp().answers?.resolved).toBe(resolved);
  });

  it('counts the newest state of an answer that was edited, and not one that comes late', async () => {
    const harness = await asked();
    await answer(harness, { solved: true });
    await answer(harness, { solved: 'Only in part', at: harness.now - hour });
    expect(harness.customerFollowUp().answers?.resolved).toBe('yes');
    await harness.pass(hour);
    await answer(harness, { solved: 'Only in part', at: harness.now });
    expect(harness.customerFollowUp(1).answers?.resolved).toBe('partly');
  });

  it.each(['nonsense', 'acme.f_000.00000000000000000000000000000000'])(
    'believes nothing with the token %s',
    async (token) => {
      const harness = await asked();
      await answer(harness, { token });
      expect(harness.customerFollowUp().state).toBe('sent');
      expect(decisionsOf(harness)).toEqual(['its case token is not genuine: it counts as no answer']);
    },
  );

  it('believes no token that was made for the hosted page or with one character changed', async () => {
    const harness = await asked();
    const token = linkOf(harness);
    await answer(harness, { token: token.replace(/.$/, (last) => (last === '0' ? '1' : '0')) });
    expect(harness.customerFollowUp().state).toBe('sent');
  });

  it('waits for the end of an answer, and says when nobody can read it', async () => {
    const harness = await asked();
    await answer(harness, { partial: true });
    expect(harness.customerFollowUp().state).toBe('sent');
    await answer(harness, { solved: 'Vielleicht', at: harness.now + 1000 });
    expect(harness.customerFollowUp().state).toBe('sent');
    expect(decisionsOf(harness)[0]).toMatch(/cannot be read: resolved: Please choose one of the answers shown/);
  });
});

it('the answer is erased with the customer who was asked', async () => {
  const harness = await asked();
  await answer(harness, {});
  harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
  expect(storedLines(harness.sql).filter((line) => line.includes('still stops'))).toEqual([]);
});

describe('its settings', () => {
  it.each([
    ['{{ token }}', '{{ case }}', /must hold \{\{ token \}\}/],
    ['source: recovery-form', 'source: no-form', /via\.source .*: is not under sources: no-form/],
    ['resolved: solved,', 'resolved: other,', /via\.answers\.resolved .*: is not under questions/],
    ['resolved: solved, ', '', /must name the alias that answers "resolved"/],
    ['comment: words', 'remark: words', /via\.answers\.remark .*: is no question/],
  ])('%s as %s are refused with the field', (was, invalidField, problem) => {
    expect(() => settings((text) => text.replace(was, invalidField))).toThrow(problem);
  });
});
