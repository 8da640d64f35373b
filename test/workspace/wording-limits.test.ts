import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { Settings } from '#domain/templates/template.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { buildSurveyPage } from '#src/workspace/queries/customer-pages.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';

const doubled = '{% for i in (1..25) %}{% assign a = a | append: a %}{% endfor %}{{ a }}';
const nestedList =
  '{% assign a = "" | split: "" %}{% for i in (1..40) %}{% assign e = "" | split: "" %}{% assign a = e | push: a | push: a %}{% endfor %}';

const makesTooMuch = /makes more than 100,000 characters; leave out/;
const takesTooLong = /takes too many steps to fill in; leave out its loops/;
const isTooLong = /is longer than 20,000 characters; shorten it/;
const isTooDeep = /takes too many steps|is nested too deeply/;

const attacks: [string, string, RegExp][] = [
  ['a text that doubles', `{% assign a = "xxxxxxxxxx" %}${doubled}`, makesTooMuch],
  ['a list of 1e9', '{% for i in (1..1000000000) %}{{ i }}{% endfor %}', makesTooMuch],
  ['a table of 1e9', '{% tablerow i in (1..1000000000) %}{{ i }}{% endtablerow %}', makesTooMuch],
  ['loops in loops', `${'{% for a in (1..300) %}'.repeat(3)}x${'{% endfor %}'.repeat(3)}`, takesTooLong],
  [
    'empty loops over one list',
    `{% assign r = (1..9000) %}${'{% for a in r %}'.repeat(3)}${'{% endfor %}'.repeat(3)}`,
    takesTooLong,
  ],
  [
    'replace',
    '{% assign a = "xx" %}{% for i in (1..25) %}{% assign a = a | replace: "x", "xxxxxxxxxx" %}{% endfor %}',
    makesTooMuch,
  ],
  [
    'concat',
    '{% assign a = "x,x,x,x" | split: "," %}{% for i in (1..40) %}{% assign a = a | concat: a %}{% endfor %}',
    /makes more than|takes too many/,
  ],
  [
    'join',
    '{% assign a = (1..9000) %}{% assign s = "" %}{% for i in (1..40) %}{% assign s = a | join: s %}{% endfor %}',
    /makes more than|takes too many/,
  ],
  [
    'sort',
    '{% assign a = (1..90000) %}{% for i in (1..1000) %}{% assign b = a | sort | reverse %}{% endfor %}',
    makesTooMuch,
  ],
  ['sort by a long path', `{{ (1..40000) | sort: "${'a.'.repeat(9000)}a" }}`, takesTooLong],
  ['an expression for each item', `{{ (1..40000) | where_exp: "x", "${'x > 1 and '.repeat(1500)}x" }}`, takesTooLong],
  [
    'a long condition in a loop',
    `{% for i in (1..9000) %}{% if ${'i > 1 and '.repeat(1500)}i %}{% endif %}{% endfor %}`,
    takesTooLong,
  ],
  [
    'lists compared in a loop',
    '{% assign a = (1..30000) %}{% assign b = (1..30000) %}{% for i in (1..9000) %}{% if a == b %}{% endif %}{% endfor %}',
    takesTooLong,
  ],
  [
    'lists in cases in a loop',
    '{% assign a = (1..30000) %}{% assign b = (1..30000) %}{% for i in (1..9000) %}{% case a %}{% when b %}{% endcase %}{% endfor %}',
    takesTooLong,
  ],
  [
    'a list searched in a loop',
    '{% assign a = (1..30000) %}{% for i in (1..9000) %}{% if a contains 0 %}{% endif %}{% endfor %}',
    takesTooLong,
  ],
  ['lists in lists, written', `${nestedList}{{ a }}`, takesTooLong],
  ['lists in lists, compared', `${nestedList}{% if a == a %}{% endif %}`, takesTooLong],
  ['a long text', 'x'.repeat(20_001), isTooLong],
  ['many tags', '{{ customer.name }}'.repeat(2000), isTooLong],
  ['deep blocks', `${'{% if case.done %}'.repeat(660)}${'{% endif %}'.repeat(660)}`, isTooDeep],
  ['deep brackets', `{{ ${'a['.repeat(6000)}b${']'.repeat(6000)} }}`, isTooDeep],
  [
    'a capture that doubles',
    `{% assign a = "xxxxxxxxxx" %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(30)}`,
    makesTooMuch,
  ],
  [
    'a capture of loops',
    '{% capture a %}{% for i in (1..3000) %}xxxxxxxxxx{% endfor %}{% endcapture %}{% capture b %}{% for i in (1..9) %}{{ a }}{% endfor %}{% endcapture %}',
    makesTooMuch,
  ],
  ['a long text in a loop', `{% for i in (1..90) %}${'y'.repeat(9000)}{% endfor %}`, makesTooMuch],
  ['an include', '{% include "x" %}', /cannot be filled in/],
];

/** Acme, with a wording in place of that at a field of the recovery survey. */
const withWording = (field: string, wording: string): Settings =>
  acme(({ name, text }) =>
    name === 'recovery'
      ? text.replace(
          new RegExp(`^  ${field}: .*(\\n {4}.*|\\n$)*`, 'm'),
          () => `  ${field}: ${JSON.stringify(wording)}`,
        )
      : text,
  );

function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems.map(({ field, message }) => `${field}: ${message}`);
    throw error;
  }
  return [];
}

describe('a wording beyond the limits is refused at push', () => {
  it.each(attacks)('%s', (_, wording, message) => {
    const from = performance.now();
    const [problem, ...others] = problemsOf(() => withWording('subject', wording));
    expect(problem).toMatch(/^recovery: mail\.subject: /);
    expect(problem).toMatch(message);
    expect(others).toEqual([]);
    expect(performance.now() - from, 'milliseconds').toBeLessThan(3000);
  });

  it('as the title of a case', () => {
    const title = '{% assign a = handle %}{% for i in (1..25) %}{% assign a = a | append: a %}{% endfor %}{{a}}';
    expect(
      problemsOf(() =>
        acme(({ name, text }) =>
          name === 'product-wish' ? text.replace(/^title: .*$/m, () => `title: '${title}'`) : text,
        ),
      ),
    ).toEqual([expect.stringMatching(/^product-wish: title: makes more than/)]);
  });
});

it('a long wording of ordinary loops and blocks is filled in', () => {
  const wording = `${'Hello {{ customer.name | upcase }}. '.repeat(10)}{% assign words = case.done | split: " " %}{% for word in words limit: 50 %}{% if word == "x" %}{{ word | capitalize }} {% endif %}{% endfor %}{{ case.done }}`;
  expect(problemsOf(() => withWording('subject', wording))).toEqual([]);
});

/** A wording that only the values of one customer take beyond the limits, so that no push can see it. */
const bomb = (condition: string) => `Well{% if ${condition} %}{% assign a = "xxxxxxxxxx" %}${doubled}{% endif %}`;

describe('a wording that turns out to be beyond the limits', () => {
  async function closed(settings: Settings): Promise<Harness> {
    const harness = new Harness(settings);
    await harness.receive({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
    for (const index of [0, 1]) harness.trackers.support.close(index);
    await harness.poll();
    return harness;
  }
  const asked = (harness: Harness, key: string) => harness.mail.to(`${key}@customer.example`);
  const notices = (harness: Harness) =>
    harness.mail.accepted.filter(({ subject }) => subject === 'Work waits for corrected settings');

  it('holds its own mail back and no other, tells the admins once, and loses nothing', async () => {
    const harness = await closed(withWording('subject', bomb('customer.name contains "k-1"')));
    await harness.pass(day + 5 * hour);
    expect(asked(harness, 'k-1')).toEqual([]);
    expect(asked(harness, 'k-2')).toMatchObject([{ subject: 'Well' }]);
    expect(harness.customerFollowUp().state).toBe('due');
    const failures = harness.log.filter((line) => line.startsWith('timer-failed'));
    expect(failures.length).toBeGreaterThan(3);
    expect(failures.length).toBeLessThan(8);
    expect(failures[0]).toContain('makes more than 100,000 characters');
    expect(notices(harness)).toMatchObject([{ to: 'dana@acme.example' }]);
    const shipped = acme().surveys.get('recovery');
    if (shipped) harness.core.settings.surveys.set('recovery', shipped);
    await harness.pass(2 * hour);
    expect(asked(harness, 'k-1')).toMatchObject([{ subject: 'Did we solve it for you?' }]);
  });

  it('leaves the page of a survey open for answers', async () => {
    const harness = await closed(withWording('title', bomb('customer.name contains "k-1"')));
    await harness.pass(day + hour);
    const { id } = harness.customerFollowUp();
    expect(buildSurveyPage(harness.core, id)).toMatchObject({ state: 'open', title: 'Is it resolved for you?' });
    expect(answerAsk(harness.core, id, new Map([['resolved', 'yes']]))).toEqual({ status: 'thanks' });
    expect(buildSurveyPage(harness.core, harness.customerFollowUp(1, 1).id).title).toBe('Well');
  });

  it('opens the case under the title that every case has', async () => {
    const harness = await closed(
      acme(({ name, text }) =>
        name === 'upgrade-not-installed'
          ? text.replace(/^title: .*$/m, () => `title: '${bomb('handle == "C-1"')}'`)
          : text,
      ),
    );
    expect(harness.trackers.support.issues.map(({ title }) => title)).toEqual([
      'Upgrade not installed · Gold · C-1',
      'Well · Gold · C-2',
    ]);
    expect(harness.deliveries().map(({ outcome }) => outcome)).toEqual(['stored', 'stored']);
  });
});
