import { describe, expect, it } from 'vitest';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { findResponse } from '#src/workspace/store/responses.ts';
import { acme } from '#test/domain/samples.ts';
import { day, hour, Rig } from './rig.ts';

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
    if (name === 'acme')
      return text.replace('sources:\n', source).replace('every: 2 minutes', 'every: 1 day');
    return name === 'recovery' ? change(`${text}\n${via}`) : text;
  });

interface Answer {
  token?: string;
  id?: string;
  solved?: string | boolean;
  at?: number;
  partial?: boolean;
}

async function asked(): Promise<Rig> {
  const rig = new Rig(settings());
  await rig.receive({ completed: false });
  rig.trackers.support.close(0, 'completed', sam);
  await rig.poll();
  await rig.pass(day + hour);
  return rig;
}

const linkOf = (rig: Rig) =>
  /https:\/\/form\.typeform\.com\/to\/abc#case=(\S+)/.exec(
    rig.mail.accepted.find(({ to }) => to === 'k-1@customer.example')?.text ?? '',
  )?.[1] ?? '';

async function answer(rig: Rig, { token = linkOf(rig), id = 'a-1', solved = 'Nein', at, partial }: Answer) {
  const field = (name: string) => ({ id: name, type: 'x', ref: `q_${name}` });
  const json = {
    event_id: 'e',
    event_type: partial ? 'form_response_partial' : 'form_response',
    form_response: {
      form_id: 'recovery',
      token: id,
      submitted_at: new Date(at ?? rig.now).toISOString(),
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
  storeDeliveries(rig.core, [{ source: 'recovery-form', raw: { body, headers: {}, receivedAt: rig.now } }]);
  await rig.pass(0);
}

const decisionsOf = (rig: Rig) =>
  rig.sql
    .all<{ id: string }>("SELECT id FROM responses WHERE source = 'recovery-form' ORDER BY seq")
    .map(({ id }) =>
      findResponse(rig.sql, id)
        ?.decisions.flatMap(({ why }) => why)
        .join('; '),
    );

describe('a follow-up asked in the department’s own survey tool', () => {
  it('is linked with a token of its own, and its answer disputes the closing', async () => {
    const rig = await asked();
    expect(linkOf(rig)).toMatch(/^acme\.f_[0-9a-f]+\.[0-9a-f]{32}$/);
    await answer(rig, {});
    expect(rig.customerFollowUp()).toMatchObject({
      state: 'answered',
      answers: { resolved: 'no', handling: '4', comment: 'It still stops.' },
    });
    expect(rig.timeline()).toContain('verdict: disputed');
    expect(rig.cases()).toHaveLength(1);
    expect(decisionsOf(rig)[0]).toMatch(/^the answer to a follow-up/);
  });

  it.each([
    ['Ja, alles gut', 'yes'],
    [true, 'yes'],
    [false, 'no'],
    ['Only in part', 'partly'],
    ['PARTLY', 'partly'],
  ])('takes %s for %s', async (solved, resolved) => {
    const rig = await asked();
    await answer(rig, { solved });
    expect(rig.customerFollowUp().answers?.resolved).toBe(resolved);
  });

  it('counts the newest state of an answer that was edited, and not one that comes late', async () => {
    const rig = await asked();
    await answer(rig, { solved: true });
    await answer(rig, { solved: 'Only in part', at: rig.now - hour });
    expect(rig.customerFollowUp().answers?.resolved).toBe('yes');
    await answer(rig, { solved: 'Only in part', at: rig.now + hour });
    expect(rig.customerFollowUp(1).answers?.resolved).toBe('partly');
  });

  it.each(['nonsense', 'acme.f_000.00000000000000000000000000000000'])(
    'believes nothing with the token %s',
    async (token) => {
      const rig = await asked();
      await answer(rig, { token });
      expect(rig.customerFollowUp().state).toBe('sent');
      expect(decisionsOf(rig)).toEqual(['its case token is not genuine: it counts as no answer']);
    },
  );

  it('believes no token that was made for the hosted page or with one character changed', async () => {
    const rig = await asked();
    const token = linkOf(rig);
    await answer(rig, { token: token.replace(/.$/, (last) => (last === '0' ? '1' : '0')) });
    expect(rig.customerFollowUp().state).toBe('sent');
  });

  it('waits for the end of an answer, and says when nobody can read it', async () => {
    const rig = await asked();
    await answer(rig, { partial: true });
    expect(rig.customerFollowUp().state).toBe('sent');
    await answer(rig, { solved: 'Vielleicht', at: rig.now + 1000 });
    expect(rig.customerFollowUp().state).toBe('sent');
    expect(decisionsOf(rig)[0]).toMatch(/cannot be read: resolved: Please choose one of the answers shown/);
  });
});

it('the answer is erased with the customer who was asked', async () => {
  const rig = await asked();
  await answer(rig, {});
  rig.sql.transaction(() => erasePerson(rig.core, 'k-1', 'dana'));
  const rows = ['responses', 'follow_ups', 'deliveries'].flatMap((table) =>
    rig.sql.all(`SELECT * FROM ${table}`).map((row) =>
      Object.values(row)
        .map((value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value))
        .join(' '),
    ),
  );
  expect(rows.join('\n')).not.toContain('still stops');
});

describe('its settings', () => {
  it.each([
    ['{{ token }}', '{{ case }}', /must hold \{\{ token \}\}/],
    ['source: recovery-form', 'source: no-form', /via\.source .*: is not under sources: no-form/],
    ['resolved: solved,', 'resolved: other,', /via\.answers\.resolved .*: is not under questions/],
    ['resolved: solved, ', '', /must say which alias answers "resolved"/],
    ['comment: words', 'remark: words', /via\.answers\.remark .*: is no question/],
  ])('%s as %s are refused with the field', (was, invalidField, problem) => {
    expect(() => settings((text) => text.replace(was, invalidField))).toThrow(problem);
  });
});
