import { describe, expect, it } from 'vitest';
import { applyTeamCaseOptions, findLabelColour, findSeverityRank } from '#domain/templates/options.ts';
import { placeTemplate } from '#domain/templates/placement.ts';
import { CaseTemplateFile } from '#domain/templates/template.ts';
import { acme } from './samples.ts';

const { workspace } = acme();
const file = (facts: object = {}, when: object = {}) =>
  CaseTemplateFile.parse({ name: 'T', kind: 'tactical', when, category: 'Product wish', ...facts });
const of = (...names: string[]) => Object.fromEntries(names.map((name) => [name, {}]));
const place = (template: CaseTemplateFile, known: object, name = 'wish') => {
  const all = { sources: {}, trackers: {}, teams: {}, templates: {}, ...known } as Parameters<typeof placeTemplate>[2];
  const { template: placed, problems } = placeTemplate(name, template, all);
  return { at: [placed.when.source, placed.tracker, placed.team], problems };
};

describe('the place of a template', () => {
  const several = { sources: of('s1', 's2'), trackers: of('t1', 't2'), teams: of('m1', 'm2') };
  const one = { sources: of('s1'), trackers: of('t1'), teams: of('m1') };
  const templates = { wish: { source: ['s2'], tracker: 't2', team: 'm2' } };

  it.each([
    ['its own', file({ tracker: 't1', team: 'm1' }, { source: 's1' }), { ...several, templates }],
    ['the only one', file(), one],
  ])('is %s', (_, template, known) => {
    expect(place(template, known)).toEqual({ at: [['s1'], 't1', 'm1'], problems: [] });
  });

  it('is else that of the workspace file', () => {
    expect(place(file(), { ...several, templates })).toEqual({ at: [['s2'], 't2', 'm2'], problems: [] });
    expect(place(file(), one, 'constructor').at).toEqual([['s1'], 't1', 'm1']);
  });

  it('is asked for where several are there', () => {
    const { at, problems } = place(file(), several);
    expect(at).toEqual([[''], '', '']);
    const remedy = (path: string, key: string) =>
      `set ${path} in the case template, or templates.wish.${key} in the workspace file`;
    expect(problems).toEqual([
      { path: ['tracker'], message: `is missing, and there are the trackers t1, t2; ${remedy('tracker', 'tracker')}` },
      { path: ['team'], message: `is missing, and there are the teams m1, m2; ${remedy('team', 'team')}` },
      {
        path: ['when', 'source'],
        message: `is missing, and there are the sources s1, s2; ${remedy('when.source', 'source')}`,
      },
    ]);
  });

  it('is asked for where none is there', () => {
    const { at, problems } = place(file({ tracker: 't', team: 'm' }), {});
    expect(at).toEqual([[''], 't', 'm']);
    expect(problems[0]?.message).toMatch(/^is missing, and there are no sources; set when\.source/);
  });
});

describe('a severity', () => {
  const options = { ...workspace['case-options'], priorities: { low: 1 as const }, colours: { low: 'ff0000' } };
  const settings = { ...workspace, 'case-options': options };

  it('is of the options of a team, where it has its own', () => {
    const teams = { desk: { 'case-options': { severities: ['red'], blockers: undefined } }, other: {} };
    const given = { ...workspace, teams } as never;
    const options = (team: string) => applyTeamCaseOptions(given, team)['case-options'];
    expect(options('desk')).toEqual({ ...workspace['case-options'], severities: ['red'] });
    for (const team of ['other', 'toString']) expect(options(team)).toBe(workspace['case-options']);
  });

  it('has its rank and colour by the workspace file', () => {
    expect(['low', 'high', 'toString'].map((name) => findSeverityRank(settings, name))).toEqual([1, 2, 3]);
    expect(['low', 'high', 'toString'].map((name) => findLabelColour(settings, name))).toEqual(['ff0000', null, null]);
  });
});
