import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#domain/base/errors.ts';
import { collectAssignmentFields } from '#domain/cases/assignment.ts';
import { Condition, evaluateCondition } from '#domain/responses/condition.ts';
import { GatheringRule, listGatheringCaseKeys } from '#domain/responses/gather.ts';
import { nameQuestion } from '#domain/responses/heads.ts';
import { findUnhappyScore } from '#domain/responses/unhappy.ts';
import { computeDue } from '#domain/templates/due.ts';
import { convertToFollowUpAnswers } from '#domain/templates/survey.ts';
import { hourMs, minuteMs } from '#domain/time/units.ts';
import { changeTemplateText, markText, readTemplateForm, templateFields, writeField } from '#src/settings-parts.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { changeWorkspaceFile } from '#src/workspace/settings/read-yaml.ts';
import { diffSettings } from '#src/workspace/settings/settings-diff.ts';
import { acme, acmeFiles, answer, response } from '#test/domain/samples.ts';

/** Problems of Acme's files where one of them is changed; empty for a change that is accepted. */
function problemsOf(file: string, from: string | RegExp, to: string): string[] {
  try {
    acme(({ name, text }) => (name === file ? text.replace(from, to) : text));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.problems.map(({ field, message }) => `${field} ${message}`);
  }
}

const none = '{ question: completed, is: no }';

describe('settings that could not work are refused', () => {
  it.each([
    [
      'a survey asked again that is not there',
      'acme',
      /^mail:/m,
      'resurvey: { again: { source: upgrade-survey, survey: recovry } }\nmail:',
      /^acme: resurvey.again.survey names no survey: recovry; did you mean recovery/,
    ],
    [
      'a survey asked again that is for closers',
      'acme',
      /^mail:/m,
      'resurvey: { again: { source: upgrade-survey, survey: closer } }\nmail:',
      /resurvey.again.survey names a closer survey/,
    ],
    [
      'a time zone that does not exist, of a source',
      'acme',
      /^sources:/m,
      'sources:\n  files: { kind: csv, time-zone: Europe/Berln }',
      /^acme: sources.files.time-zone .*is not a time zone; write for example Europe\/Berlin/,
    ],
    [
      'a time zone that does not exist, of a mapping',
      'acme',
      /^sources:/m,
      'sources:\n  own: { kind: json, secret: OWN_SECRET, proof: { kind: bearer }, response: { answers: a, time-zone: Berlin } }',
      /^acme: sources.own.response.time-zone .*is not a time zone/,
    ],
    [
      'a source that nobody has, inside a condition',
      'upgrade-not-installed',
      none,
      `${none}, { source: upgrade-survy }`,
      /when.source .*upgrade-survy; did you mean upgrade-survey/,
    ],
    [
      'a deciding question with other values',
      'closer',
      '{ value: unable, label',
      '{ value: no, label',
      /^closer: questions.0.options must have the values "yes" and "unable", and may have partly/,
    ],
    [
      'a deciding question that is a scale',
      'recovery',
      'type: choice\n    label: "Is it resolved',
      'type: scale\n    label: "Is it resolved',
      /questions.0.options must have/,
    ],
    [
      'a choice of nothing',
      'recovery',
      'id: comment\n    type: text',
      'id: comment\n    type: choice\n    required: true',
      /questions.3.options is missing; list the answers/,
    ],
    [
      'two questions of one name',
      'resurvey',
      'id: comment',
      'id: handling',
      /questions.2.id is a name that another question has/,
    ],
    [
      'a number that loses its zeros',
      'upgrade-not-installed',
      none,
      '{ customer: key, is: 0042 }',
      /is read as the number 42; put it into quotes/,
    ],
    [
      'a name that loses its zeros',
      'acme',
      'assign: round-robin',
      'assign: { by-field: { customer.region: { 01067: dana } } }',
      /is read as the number 1067; put it into quotes/,
    ],
    [
      'a number that loses its last digits',
      'upgrade-not-installed',
      none,
      '{ customer: key, is: 12345678901234567890 }',
      /put it into quotes/,
    ],
  ])('%s', (_, file, from, to, expected) => {
    expect(problemsOf(file, from, to).join('\n')).toMatch(expected);
  });

  it('a goal that the calendar never reaches, which a stored file may still have', () => {
    const files = acmeFiles(({ name, text }) =>
      name === 'acme'
        ? text
            .replace(/hours: "Mon.*?"/, 'hours: "Mon 09:00-10:00"')
            .replace(/^tiers:/m, 'clock: { calendar: office }\ntiers:')
        : name === 'upgrade-not-installed'
          ? text.replace('closure-goal: by tier', 'closure-goal: 60 days')
          : text,
    );
    expect(() => readSettings(files, 1, WorkspaceFileSchema)).toThrow(
      /closure-goal .*more working time for gold than the calendar has/,
    );
    const { workspace, templates } = readSettings(files, 1, WorkspaceFileSchema, true);
    const template = templates.get('upgrade-not-installed');
    if (!template) throw new Error('no template');
    expect(computeDue(workspace, template, 'gold', 0).dueAt).toBe(3700 * 24 * hourMs);
  });
});

it('a setting that an earlier release took stops no workspace after an upgrade, and no change of another', () => {
  const withGone = (change = (text: string) => text) =>
    acmeFiles(({ name, text }) => {
      if (name === 'acme')
        return change(text.replace(/^polling: .*$/m, 'polling: { fastest: 30 seconds, settle: 11 minutes }'));
      return name === 'upgrade-not-installed' ? `${text}\nmood: blue\n` : text;
    });
  const stored = withGone();
  expect(() => readSettings(stored, 1, WorkspaceFileSchema)).toThrow(/polling.fastest/);
  expect(readSettings(stored, 1, WorkspaceFileSchema, true).workspace.polling.settle).toBe(11 * minuteMs);
  const changed = withGone((text) => text.replace('11 minutes', '12 minutes'));
  expect(readSettings(changed, 2, WorkspaceFileSchema, stored).workspace.polling.settle).toBe(12 * minuteMs);
  const mistyped = withGone((text) => text.replace('settle', 'setle'));
  expect(() => readSettings(mistyped, 2, WorkspaceFileSchema, stored)).toThrow(/polling.setle .*is no setting here/);
});

it('a Google form that release 0.2.0 read by a token alone stops no workspace', () => {
  const form = 'form: { kind: google-forms, token: GOOGLE, forms: [a] }';
  const stored = acmeFiles(({ name, text }) =>
    name === 'acme' ? text.replace(/^sources:\n/m, (line) => `${line}  ${form}\n`) : text,
  );
  const { sources } = readSettings(stored, 1, WorkspaceFileSchema, true).workspace;
  expect(sources.form).toMatchObject({ secret: 'GOOGLE_FORMS_SECRET', forms: ['a'] });
  expect(() => readSettings(stored, 2, WorkspaceFileSchema)).toThrow(/sources.form.token .*is no setting here/);
});

it('a difference hides no change', () => {
  const lines = (was: string, is: string) => {
    const file = (text: string) => [{ kind: 'case-template' as const, name: 't', text }];
    return diffSettings(file(was), file(is))[0]?.lines;
  };
  expect(lines('a: 1\n', 'a: 1\nescalation: {}\n')).toEqual(['escalation: {} (new)']);
  expect(lines('a: [x, y]\n', 'a: ["x, y"]\n')).toEqual(['a: ["x","y"] → ["x, y"]']);
  expect(lines('a: "5"\n', 'a: 5\n')).toEqual(['a: "5" → 5']);
  expect(lines('a: null\nb: [1, {c: 2}]\n', 'b: [1]\n')).toEqual(['a: null (removed)', 'b: [1, {"c":2}] → [1]']);
  expect(lines('a: x # one\n', 'a: "x"\n')).toEqual(['only comments, order or layout']);
});

describe('a condition reads', () => {
  const holds = (when: unknown, text: string, language: string | null = null) =>
    evaluateCondition(Condition.parse(when), {
      ...response([answer('comment', text, { freeText: true, type: 'text' })]),
      language,
    }).held;

  it.each([
    ['返金', '早く返金してください。', true],
    ['返金', '返事をください。', false],
    ['คืนเงิน', 'ฉันต้องการคืนเงินทันที', true],
    ['😡', 'Never again 😡😡', true],
    ['👍🏽', 'Never again 😡', false],
    ['cancel', 'the cancellation', false],
    ['كلمة', 'هذه كلمة هنا', true],
  ])('the word %s in %s', (word, text, held) => {
    expect(holds({ words: word }, text)).toBe(held);
  });

  it('a language however its parts are joined', () => {
    expect(holds({ language: 'pt_BR' }, '', 'pt-br')).toBe(true);
  });

  it('no title with a name that has no spaces around it', () => {
    const given = response([{ ...answer('ease', 3), question: { id: 'ease', title: '山田様、いかがでしたか' } }]);
    expect(nameQuestion('ease', { ...given, customer: { ...given.customer, name: '山田' } })).toBe('ease');
  });
});

it('a second alias of a question means it everywhere', () => {
  const given = response([{ ...answer('part', 'Suite'), otherAliases: ['product'] }]);
  const gather = GatheringRule.parse({ theme: 'product' });
  expect(listGatheringCaseKeys('t', { gather, category: 'c' }, given, new Map())[0]?.theme).toBe('Suite');
  expect(collectAssignmentFields(given, null).get('product')).toBe('Suite');
  const survey = acme().surveys.get('recovery');
  if (!survey) throw new Error('no survey');
  const via = {
    source: 's',
    link: '',
    token: '',
    answers: { resolved: 'product' },
    values: { resolved: { Suite: 'yes' } },
  };
  expect(convertToFollowUpAnswers({ ...survey, via }, given.answers).get('resolved')).toBe('yes');
  const low = response([{ ...answer('part', 2, { type: 'number' }), otherAliases: ['ease'] }]);
  expect(findUnhappyScore(low, { ease: 3 }, () => 5)).toContain('2 of 5');
});

describe('a page that changes a file', () => {
  it('keeps the ends of its lines', () => {
    const text = '# ours\r\nname: A # x\r\nlist:\r\n  - a\r\n';
    const [file] = changeWorkspaceFile([{ kind: 'workspace', name: 'w', text }], [{ path: ['name'], value: 'B' }]);
    expect(file?.text).toBe(text.replace('A', 'B'));
    // A browser posts it with other ends, which is no change.
    expect(markText(text.replaceAll('\r\n', '\n'))).toBe(markText(text));
  });

  it('shows and keeps what a merge key brings', () => {
    const text = '<<: { team: support, category: Bug }\nname: A\n';
    const { values = {} } = readTemplateForm(text) ?? {};
    const posted = Object.fromEntries(
      templateFields.map((field) => [field.name, writeField(field, values[field.name])]),
    );
    const changed = changeTemplateText(text, (name) => (name === 'name' ? 'B' : (posted[name] ?? '')));
    expect(readTemplateForm(changed)?.values).toMatchObject({ name: 'B', team: 'support', category: 'Bug' });
  });
});
