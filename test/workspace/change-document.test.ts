import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addTemplateToWorkspaceFile, changeWorkspaceFile } from '#src/workspace/settings/read-yaml.ts';

const change = (text: string, path: string[], value: unknown) =>
  changeWorkspaceFile([{ kind: 'workspace', name: 'w', text }], [{ path, value }])[0]?.text ?? '';

describe('a setting that a page changes', () => {
  it('keeps the comments beside it and in its list', () => {
    const text = 'time-zone: Europe/Berlin # office\nadmins:\n  - dana # head\n  - sam # until May\n  - priya\n';
    expect(change(text, ['time-zone'], 'Europe/Paris')).toBe(text.replace('Berlin', 'Paris'));
    expect(change(text, ['admins'], ['dana', 'priya', 'mette'])).toBe(
      'time-zone: Europe/Berlin # office\nadmins:\n  - dana # head\n  - priya\n  - mette\n',
    );
    expect(parse(change(text, ['admins'], ['priya', 'dana'])).admins).toEqual(['priya', 'dana']);
  });

  it.each([
    [
      'another of the same anchor',
      'tiers:\n  gold: &g { a: 1 }\n  platinum: *g\n',
      ['tiers', 'platinum', 'a'],
      2,
      { gold: { a: 1 }, platinum: { a: 2 } },
    ],
    [
      'the anchor itself',
      'tiers:\n  gold: &g { a: 1 }\n  platinum: *g\n',
      ['tiers', 'gold'],
      null,
      { platinum: { a: 1 } },
    ],
    [
      'what a merge key brings',
      'tiers:\n  gold: &g { a: 1, b: 2 }\n  platinum: { <<: *g }\n',
      ['tiers', 'platinum', 'b'],
      null,
      { gold: { a: 1, b: 2 }, platinum: { a: 1 } },
    ],
    [
      'a list with an anchor',
      'tiers:\n  gold: &g [x]\n  platinum: *g\n',
      ['tiers', 'gold'],
      ['x', 'y'],
      { gold: ['x', 'y'], platinum: ['x'] },
    ],
  ])('changes alone: %s', (_, text, path, value, tiers) => {
    expect(parse(change(text, path, value), { merge: true }).tiers).toEqual(tiers);
  });

  it('is a name of digits, which the file has as a number', () => {
    const text = 'sources: { 2026: { kind: tally } }\n';
    expect(change(text, ['sources', '2026', 'paused'], true)).toBe(
      'sources: { 2026: { kind: tally, paused: true } }\n',
    );
    expect(change(text, ['sources', '2026'], null)).toBe('sources: {}\n');
    const files = [{ kind: 'workspace' as const, name: 'w', text: 'templates: { 2026: {} }\n' }];
    expect(addTemplateToWorkspaceFile(files, '2026')).toEqual(files);
  });

  it('stays out where its group does not stand either', () => {
    const text = 'sources: { survey: { kind: tally } }\n';
    expect(change(text, ['sources', 'survey', 'respondent', 'email'], null)).toBe(text);
  });

  it('is a template with its place where templates were a list', () => {
    const files = [{ kind: 'workspace' as const, name: 'w', text: 'templates: [a, b]\n' }];
    const read = (name: string, place: object) => parse(addTemplateToWorkspaceFile(files, name, place)[0]?.text ?? '');
    expect(read('c', { team: 't' })).toEqual({ templates: { a: {}, b: {}, c: { team: 't' } } });
    expect(read('c', {})).toEqual({ templates: ['a', 'b', 'c'] });
    expect(read('a', { team: 't' })).toEqual({ templates: ['a', 'b'] });
  });
});
