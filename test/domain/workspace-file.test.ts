import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#domain/base/errors.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { acme, acmeFiles } from './samples.ts';

const problemsOf = (name: string, from: string | RegExp, to: string) => {
  let changed = false;
  const files = acmeFiles((file) => {
    if (file.name !== name) return file.text;
    const text = file.text.replace(from, to);
    changed ||= text !== file.text;
    return text;
  });
  expect(changed).toBe(true);
  try {
    readSettings(files, 1, WorkspaceFileSchema);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    for (const { field, message } of error.problems) {
      expect(error.message).toContain(field);
      expect(error.message).toContain(message);
    }
    return error.problems;
  }
};

const lineOf = (name: string, text: string) =>
  acmeFiles()
    .find((file) => file.name === name)
    ?.text.split(text)[0]
    ?.split('\n').length ?? 0;

describe('a workspace file', () => {
  it('of Acme is read, with all that it leaves unsaid', () => {
    const { workspace, templates, surveys } = acme();
    expect(workspace['time-zone']).toBe('Europe/Berlin');
    expect(workspace.polling).toEqual({ every: 120_000, settle: 600_000, 'look-again': 21_600_000 });
    expect(workspace['follow-up']).toMatchObject({ delay: 86_400_000, window: 14 * 86_400_000 });
    expect(workspace.tiers.gold).toMatchObject({ severity: 'urgent', 'closure-goal': 86_400_000 });
    expect([...templates.keys()]).toEqual(Object.keys(workspace.templates));
    expect([...surveys.keys()].sort()).toEqual(['closer', 'explained', 'recovery', 'resurvey']);
  });

  it('takes its defaults from the rules', () => {
    const { workspace } = acme(({ name, text }) =>
      name === 'acme' ? text.replace(/^(follow-up|polling|case-options):.*\n(?: {2}.*\n)*/gm, '') : text,
    );
    expect(workspace['follow-up']).toEqual({
      survey: 'recovery',
      'closer-survey': 'closer',
      'explained-survey': 'explained',
      'longest-wait': 60 * 86_400_000,
      oldest: 30 * 86_400_000,
      'on-dispute': 'reopen',
      'require-personal-message': false,
      delay: 86_400_000,
      reminder: 5 * 86_400_000,
      window: 14 * 86_400_000,
      quarantine: 30 * 86_400_000,
      batch: { count: 100, ms: 3_600_000 },
    });
    expect(workspace.polling.every).toBe(120_000);
    expect(workspace['case-options'].statuses).toEqual({
      Open: 'open',
      Pending: 'pending',
      Closed: 'closed',
    });
  });

  it.each([
    ['a time zone', 'Europe/Berlin', 'Mars/Olympus', 'time-zone', /write for example Europe\/Berlin/],
    ['a duration', 'every: 2 minutes', 'every: soon', 'polling.every', /write for example "24 hours"/],
    ['a survey tool', 'kind: typeform', 'kind: typefrom', 'sources.upgrade-survey.kind', /"typefrom".*one of typeform/],
    ['a tracker', 'kind: linear', 'kind: trello', 'trackers.growth.kind', /one of github, jira, linear/],
    [
      'a secret of a source',
      'secret: TYPEFORM_SECRET',
      'secret: hunter2',
      'sources.upgrade-survey.secret',
      /never write/,
    ],
    [
      'a manager',
      'managers: [dana], members: [sam]',
      'managers: [dan], members: [sam]',
      'teams.upgrade-response.managers.0',
      /is not under people: dan/,
    ],
    ['a fallback', 'fallback: dana', 'fallback: eve', 'teams.upgrade-response.fallback', /is not under people: eve/],
    [
      'a loop owner, who never is the next in turn',
      'loop-owner: dana',
      'loop-owner: round-robin',
      'teams.upgrade-response.loop-owner',
      /is not under people: round-robin/,
    ],
    ['an address', 'sam@acme.example', 'sam(at)acme', 'people.sam.email', /e-mail address/],
    [
      'a severity of a tier',
      'severity: urgent',
      'severity: critical',
      'tiers.gold.severity',
      /case-options\.severities: critical/,
    ],
    ['a word setting', 'words: never', 'words: always', 'words', /never.*private/],
    ['too short a quarantine', 'quarantine: 30 days', 'quarantine: 23 hours', 'follow-up.quarantine', /24 hours/],
    ['too fast a poll', 'every: 2 minutes', 'every: 5 seconds', 'polling.every', /30 seconds/],
    ['too short a settling', 'settle: 10 minutes', 'settle: 1 minute', 'polling.settle', /10 minutes/],
    [
      'an alias of unhappy scores',
      '    questions:',
      '    unhappy: { eaze: 4 }\n    questions:',
      'sources.upgrade-survey.unhappy.eaze',
      /no alias under its questions: eaze; did you mean ease\?/,
    ],
    [
      'an alias of counted scores',
      '    questions:',
      '    scores: { csat: eaze }\n    questions:',
      'sources.upgrade-survey.scores.csat',
      /no alias under its questions: eaze; did you mean ease\?/,
    ],
  ])('with a mistake in %s is refused by field, line and remedy', (_, from, to, field, message) => {
    const [problem, ...others] = problemsOf('acme', from, to);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ field: `acme: ${field}`, message: expect.stringMatching(message) });
    // Within a flow map or list the field is on the same line; otherwise on its own line.
    expect(problem?.line).toBe(lineOf('acme', from));
  });

  it.each([
    ['region: {}', 'regoin: hidden.region', 'sources.upgrade-survey.respondent.regoin', /did you mean region\?/],
    ['plan: { type: choice }', '', 'attributes.plan.values', /list what can be chosen/],
    ['plan: { type: number, values: [a] }', '', 'attributes.plan.values', /choice, not to number/],
    ['plan: { values: [Pro, pro] }', '', 'attributes.plan.values', /names pro twice/],
    ['plan: { type: txt }', '', 'attributes.plan.type', /did you mean text\?/],
    ['plan: { kind: text }', '', 'attributes.plan.kind', /no setting here/],
    ['tier: { type: text }', '', 'attributes.tier', /every workspace has already/],
    ['constructor: { type: text }', '', 'attributes.constructor', /every workspace has already/],
  ])(
    'with the attribute %s and the mapping "%s" is refused by field and remedy',
    (attribute, mapping, field, message) => {
      const [problem, ...others] = problemsOf(
        'acme',
        /sources:\n.*?language: hidden.lang/s,
        `attributes:\n  ${attribute}\n$&${mapping && `\n      ${mapping}`}`,
      );
      expect(others).toEqual([]);
      expect(problem).toMatchObject({ field: `acme: ${field}`, message: expect.stringMatching(message) });
    },
  );

  it.each([
    ['no YAML', /^tiers:$/m, 'tiers: [', 'acme'],
    ['a name twice', 'name: Acme customer feedback', 'name: A\nname: B', 'acme'],
  ])('with %s is refused by line', (_, from, to, field) => {
    const [problem] = problemsOf('acme', from, to);
    expect(problem?.field).toBe(field);
    expect(problem?.line).toBeGreaterThan(0);
  });

  it('tells of every mistake at once', () => {
    const fields = problemsOf('acme', /time-zone: .*\nwords: .*/, 'time-zone: Nowhere\nwords: loud').map(
      ({ field }) => field,
    );
    expect(fields).toEqual(['acme: time-zone', 'acme: words']);
  });

  it('names a field that it does not know', () => {
    expect(problemsOf('acme', 'words: never', 'wordz: never')[0]?.field).toBe('acme: wordz');
  });

  it.each([
    ['acme', 'upgrade-not-installed: {', 'upgrade-gone: {', 'acme: templates.upgrade-gone', /upgrade-gone/],
    ['acme', 'tracker: growth,', 'tracker: grow,', 'acme: templates.product-wish.tracker', /under trackers: grow/],
    ['acme', 'survey: recovery', 'survey: thanks', 'acme: follow-up.survey', /no survey: thanks/],
    ['acme', 'survey: recovery', 'survey: closer', 'acme: follow-up.survey', /a customer survey is needed/],
    ['product-wish', 'tracker: growth', 'tracker: grow', 'product-wish: tracker', /under trackers.*: grow/],
    ['product-wish', 'team: product-review', 'team: x', 'product-wish: team', /under teams.*: x/],
    ['product-wish', 'feedback-form]', 'feedback]', 'product-wish: when.source', /under sources.*: feedback/],
    ['product-wish', 'severity: low', 'severity: meh', 'product-wish: severity', /case-options\.severities: meh/],
    ['product-wish', 'category: Product wish', 'category: Wishes', 'product-wish: category', /categories: Wishes/],
    ['product-wish', 'follow-up: recovery', 'follow-up: x', 'product-wish: follow-up', /no survey: x/],
    ['recovery', '- id: resolved', '- id: solved', 'recovery: questions', /"resolved"/],
    ['closer', '- id: closed', '- id: shut', 'closer: questions', /"closed"/],
    ['recovery', 'thanks: "', 'thanks: "{% if %}', 'recovery: page.thanks', /value expression: ""; write names/],
    ['recovery', 'subject: "', 'subject: "{{ x | nofilter }}', 'recovery: mail.subject', /undefined filter: nofilter/],
  ])('%s must fit the other files: %s → %s', (name, from, to, field, message) => {
    const [problem] = problemsOf(name, from, to);
    expect(problem).toMatchObject({ field, message: expect.stringMatching(message) });
  });

  it('of a demo may be fast', () => {
    const { workspace } = acme(({ name, text }) =>
      name === 'acme'
        ? text.replace('words: never', 'demo: true').replace('every: 2 minutes', 'every: 2 seconds')
        : text,
    );
    expect(workspace.polling.every).toBe(2000);
  });

  it('must be there', () => {
    expect(() => readSettings([], 1, WorkspaceFileSchema)).toThrow(/no workspace file/);
  });

  it.each([
    ['token: JIRA_TOKEN', 'token: ATATT3xFfGF0'],
    ['token: GITHUB_TOKEN', 'token: ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['token: LINEAR_KEY', 'token: lin_api_0123456789'],
    ['key: RESEND_KEY', 'key: re_123_secret'],
  ])('refuses a secret in the place of its name: %s', (from, to) => {
    expect(problemsOf('acme', from, to)[0]?.message).toContain('never write the secret itself');
  });

  it('with aliases without end is refused like any other mistake', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c]\n`;
    expect(problemsOf('acme', /^/, bomb).length).toBeGreaterThan(0);
  });

  it('names a question that its sources do not have', () => {
    expect(problemsOf('product-wish', 'question: wish', 'question: wihs')).not.toEqual([]);
  });
});
