import { describe, expect, it } from 'vitest';
import { InvalidInputError, type Problem } from '#domain/base/errors.ts';
import { acme } from '#test/domain/samples.ts';

/*
 * Mistakes in a file by a case manager without programming experience, and the reported problems: file, field, line,
 * remedy.
 */

function problemsOf(file: string, find: string | RegExp, write: string): Problem[] {
  let changed = 0;
  try {
    acme(({ name, text }) => {
      if (name !== file) return text;
      const now = text.replace(find, write);
      changed += now === text ? 0 : 1;
      return now;
    });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.problems;
  }
  throw new Error(changed === 0 ? 'nothing was changed' : 'nothing was found wrong');
}

const template = 'upgrade-not-installed';

describe('a mistake in a case template', () => {
  it.each([
    [
      'nobody of that name',
      'opened: [assignee, loop-owner, watchers]',
      'opened: nobody',
      'notify.opened',
      21,
      /names neither .*: nobody; there are team, managers/,
    ],
    [
      'a slip in a name',
      'opened: [assignee, loop-owner, watchers]',
      'status-changed: metta',
      'notify.status-changed',
      21,
      /metta; did you mean mette\?/,
    ],
    [
      'a channel that is not there',
      'opened: [assignee, loop-owner, watchers]',
      'opened: { to: team, by: [slack] }',
      'notify.opened',
      21,
      /names no channel: slack; there is mail/,
    ],
    [
      'an event that is not there',
      'opened: [assignee, loop-owner, watchers]',
      'opend: team',
      'notify.opend',
      21,
      /is no setting here; did you mean opened\?/,
    ],
    [
      'a level that is nobody',
      /$/,
      'escalation: { levels: [{ to: boss }] }\n',
      'escalation.levels.0.to',
      27,
      /: boss; there are/,
    ],
    ['a tracker', 'tracker: support', 'tracker: suport', 'tracker', 19, /suport; did you mean support\?/],
    [
      'a team',
      'team: upgrade-response',
      'team: sales',
      'team',
      20,
      /: sales; there are upgrade-response, product-review/,
    ],
    ['a source', 'source: upgrade-survey', 'source: survey', 'when.source', 15, /: survey; there are upgrade-survey/],
    ['a question', 'question: completed', 'question: complete', 'when', 15, /complete; did you mean completed\?/],
    ['a category', /category: .*/, 'category: Installation', 'category', 16, /there are Installation issues, Ease/],
    ['a severity', 'severity: by tier', 'severity: urgnt', 'severity', 17, /did you mean urgent\?/],
    ['a survey', 'follow-up: recovery', 'follow-up: recover', 'follow-up', 22, /recover; did you mean recovery\?/],
    [
      'a role',
      'role: account management',
      'role: acount management',
      'plan.steps.0.role',
      25,
      /did you mean account management\?/,
    ],
    [
      'a time',
      'closure-goal: by tier',
      'closure-goal: 2 dayz',
      'closure-goal',
      18,
      /is not a duration; write for example "24 hours" or "5 days", or by tier/,
    ],
    ['a number for a time', 'closure-goal: by tier', 'closure-goal: 2', 'closure-goal', 18, /is not a duration/],
    [
      'a kind',
      'kind: tactical',
      'kind: tactic',
      'kind',
      14,
      /must be one of tactical, strategic; did you mean tactical\?/,
    ],
    ['yes for on', 'kind: tactical', 'kind: tactical\nstate: yes', 'state', 15, /must be one of draft, on, off/],
    ['a word for a number', 'kind: tactical', 'kind: tactical\npriority: high', 'priority', 15, /must be a number/],
    ['a number for a text', /category: .*/, 'category: 7', 'category', 16, /must be a text; write it in quotes$/m],
    ['a name that is missing', /^name: .*\n/m, '', 'name', 2, /is missing; it wants a text/],
    ['a word for a group', /^plan:[\s\S]*/m, 'plan: yes\n', 'plan', 23, /must be a group of settings/],
    ['a slip in a setting', /^plan:/m, 'plann:', 'plann', 23, /is no setting here; did you mean plan\?/],
    ['a slip in an inner setting', 'role: quality', 'rol: quality', 'plan.steps.1.rol', 26, /did you mean role\?/],
    ['an operator', 'is: no', 'equals: no', 'when.all.0', 15, /has no operator equals; write one of is/],
    ['no colon', 'is: no', 'is no', 'when.all.0', 15, /has no operator is no/],
    ['no colon after a setting', /^plan:/m, 'plan', '', 23, /is no setting; write name: value/],
    ['a tab', '  steps:', '\tsteps:', '', 24, /begins with a tab; move it in with spaces/],
    [
      'an alias of nothing',
      /$/,
      'loop-owner: *nobody\n',
      '',
      27,
      /is \*nobody, which stands for no setting above; mark one with &nobody/,
    ],
    ['the same twice', /$/, 'team: product-review\n', '', 27, /stands here already; keep one of the two/],
    [
      'a second colon',
      /^name: .*/m,
      'name: Upgrade: not installed',
      '',
      2,
      /has a second colon; put a text with a colon into quotes/,
    ],
    ['no time at all', 'closure-goal: by tier', 'closure-goal: 0 hours', 'closure-goal', 18, /longer than nothing/],
    [
      'a time without end',
      'closure-goal: by tier',
      'closure-goal: 9999999 weeks',
      'closure-goal',
      18,
      /longer than 10 years/,
    ],
    [
      'news every minute',
      /^plan:/m,
      'escalation: { repeat: 1 minute }\nplan:',
      'escalation.repeat',
      23,
      /shorter than 1 hour/,
    ],
    ['nothing at all', /[\s\S]*/, '# nothing yet\n', '', undefined, /is empty/],
  ] as const)('%s', (_, find, write, field, line, message) => {
    const problems = problemsOf(template, find, write);
    const result = problems.find((problem) => problem.field === [template, field].filter(Boolean).join(': '));
    expect(problems.map(({ message: said }) => said).join('\n')).toMatch(message);
    expect(result).toMatchObject({ message: expect.stringMatching(message) });
    expect(result?.line).toBe(line);
  });
});

describe('a mistake in the workspace file', () => {
  it.each([
    ['a time zone', /time-zone: .*/, 'time-zone: Berlin', 'time-zone', /write for example Europe\/Berlin/],
    [
      'a tracker’s kind',
      'kind: jira',
      'kind: jirra',
      'trackers.support.kind',
      /one of github, jira, linear; did you mean jira\?/,
    ],
    ['a project', 'project: SUP', 'project: sup', 'trackers.support.project', /is not a project key such as SUP/],
    [
      'a secret itself',
      'token: JIRA_TOKEN',
      'token: abc123',
      'trackers.support.token',
      /never write the secret itself/,
    ],
    [
      'a slip in a source',
      'secret: TYPEFORM_SECRET',
      'secrets: TYPEFORM_SECRET',
      'sources.upgrade-survey.secrets',
      /is no setting here; did you mean secret\?/,
    ],
    [
      'what a source lacks',
      'secret: TYPEFORM_SECRET',
      '',
      'sources.upgrade-survey.secret',
      /is missing; it wants a text/,
    ],
    [
      'a tier’s goal',
      'closure-goal: 24 hours',
      'closure-goal: 24h',
      'tiers.gold.closure-goal',
      /write for example "24 hours"/,
    ],
    [
      'a tier’s severity',
      'severity: urgent, closure',
      'severity: urgentt, closure',
      'tiers.gold.severity',
      /did you mean urgent\?/,
    ],
    [
      'one for a list',
      'managers: [dana]',
      'managers: dana',
      'teams.upgrade-response.managers',
      /must be a list, such as \[one, two\]/,
    ],
    [
      'a person',
      'managers: [dana]',
      'managers: [dan]',
      'teams.upgrade-response.managers.0',
      /is not under people: dan; did you mean dana\?/,
    ],
    ['an address', 'email: dana@acme.example', 'email: dana', 'people.dana.email', /is not an e-mail address/],
    ['a name with a capital', /^ {2}dana:/m, '  Dana:', 'people.Dana', /lower-case letters, digits and dashes/],
    [
      'a template',
      /^ {2}upgrade-not-installed:/m,
      '  upgrade-not-instaled:',
      'templates.upgrade-not-instaled',
      /did you mean upgrade-not-installed\?/,
    ],
    ['a slip in a setting', /^tiers:/m, 'teirs:', 'teirs', /is no setting here; did you mean tiers\?/],
    ['a share', 'remind: [50%', 'remind: [half', 'escalation.remind.0', /write for example "80%"/],
    [
      'a list for pairs',
      /statuses: .*/,
      'statuses: [Open, Closed]',
      'case-options.statuses',
      /must be a group of settings/,
    ],
    [
      'statuses that never end',
      /statuses: .*/,
      'statuses: { Open: open }',
      'case-options.statuses',
      /at least one status of class open and one of class closed/,
    ],
    ['a day', '"2026-12-25"', '25.12.2026', 'calendars.office.holidays.0', /write for example "2026-12-25"/],
    [
      'a tier without a goal',
      'closure-goal: 24 hours',
      'closure-goal: 0 hours',
      'tiers.gold.closure-goal',
      /longer than nothing/,
    ],
    [
      'a first contact after the end',
      'first-contact: 4 hours',
      'first-contact: 100 hours',
      'tiers.gold.first-contact',
      /longer than the closure goal/,
    ],
    ['news without a pause', 'repeat: 24 hours', 'repeat: 0 hours', 'escalation.repeat', /longer than nothing/],
    ['hours', 'Mon-Fri 09:00-17:00', '9 to 5', 'calendars.office.hours', /write for example Mon-Fri 09:00-17:00/],
    [
      'what is too short',
      'quarantine: 30 days',
      'quarantine: 1 hour',
      'follow-up.quarantine',
      /is shorter than 24 hours/,
    ],
    ['a survey', 'survey: recovery', 'survey: recovry', 'follow-up.survey', /did you mean recovery\?/],
  ] as const)('%s', (_, find, write, field, message) => {
    const problems = problemsOf('acme', find, write);
    const result = problems.find((problem) => problem.field === `acme: ${field}`);
    expect(problems.map((problem) => `${problem.field}: ${problem.message}`).join('\n')).toMatch(message);
    expect(result).toMatchObject({ message: expect.stringMatching(message) });
    expect(result?.line).toBeGreaterThan(1);
  });
});

describe('a mistake in a gathering rule', () => {
  it.each([
    ['a misspelt field', 'category: Ins', 'catagory: Ins', 'gather.cases.0.catagory', /did you mean category\?/],
    ['an unknown value', 'Installation issues,', 'Instalation issues,', 'gather.cases.0.category', /did you mean Inst/],
    ['two fields', '[{ category', '[{ blocker: policy, category', 'gather.cases.0.blocker', /names exactly one of/],
    ['a theme beside a category', '{ cases', '{ by: category, theme: ease, cases', 'gather.by', /either by or theme/],
    ['values of nothing', '{ cases', '{ values: [a], cases', 'gather.theme', /is missing; name the question/],
  ] as const)('%s', (_, find, write, field, message) => {
    const problems = problemsOf('upgrade-hard-to-install', find, write);
    expect(problems[0]).toMatchObject({
      field: `upgrade-hard-to-install: ${field}`,
      message: expect.stringMatching(message),
      line: expect.any(Number),
    });
  });
});

it('a severity by tier has to be one of the team’s', () => {
  const own = 'case-options: { severities: [p1, p2] }, assign: round-robin';
  expect(problemsOf('acme', 'assign: round-robin', own)[0]).toMatchObject({
    field: `${template}: severity`,
    message: expect.stringMatching(/by tier is urgent for gold, .* there are p1, p2/),
  });
});

it('a mistake in a survey names its file and line, too', () => {
  expect(problemsOf('recovery', '{{ ', '{{{{ ')[0]).toMatchObject({
    field: expect.stringMatching(/^recovery: (mail|page)/),
    line: expect.any(Number),
  });
});

describe('a name that a wording cannot use is refused with those it can', () => {
  it.each([
    [
      'the category, to a customer',
      '{{ case.answer }}',
      '{{ case.category | downcase }}',
      /customer reads case\.answer/,
    ],
    ['the category, by its field', '{{ case.answer }}', '{{ case["category"] }}', /customer reads case\.answer/],
    ['the category, by another name', '{{ case.answer }}', '{% assign c = case %}{{ c.category }}', /names case;/],
    ['a field chosen by a value', '{{ case.answer }}', '{{ case[customer.name] }}', /names case\[customer\.name\];/],
    ['a slip', '{{ case.answer }}', '{{ case.awnser }}', /names case\.awnser; a wording here may name .*case\.answer/],
  ])('%s', (_, find, write, message) => {
    expect(problemsOf('recovery', find, write)).toEqual([
      {
        field: 'recovery: mail.text',
        line: expect.any(Number),
        message: expect.stringMatching(message),
      },
    ]);
  });

  it('in a translation', () => {
    const [problem] = problemsOf('explained', 'einem Problem berichtet ({{ case.answer }}', '{{ case.category }}');
    expect(problem?.field).toBe('explained: languages.de.mail.text');
  });

  it('in an invitation', () => {
    const invitation = `invitations:
  nps:
    on: { source: events, event: done }
    after: 1 day
    link: "https://form.example/{{ case.answer }}"
    subject: How was it?
    text: Three questions.
    button: Answer
sources:
  events: { kind: events, secret: EVENTS_SECRET }
`;
    expect(problemsOf('acme', 'sources:\n', invitation)).toEqual([
      {
        field: 'acme: invitations.nps.link',
        line: expect.any(Number),
        message: expect.stringMatching(/names case\.answer; a wording here may name .*customer\.key/),
      },
    ]);
  });
});

describe('finding 12: a customer key that no delivery holds', () => {
  it('is refused with the way to write it', () => {
    const problems = problemsOf('acme', 'key: hidden.customer_id', 'key: customer.id');
    expect(problems).toMatchObject([
      { field: 'acme: sources.upgrade-survey.respondent.key', message: expect.stringContaining('hidden.customer.id') },
    ]);
  });
});
