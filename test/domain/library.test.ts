import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { chooseGoals, evaluate, explain } from '#domain/templates/template.ts';
import { dayMs } from '#domain/time/units.ts';
import { readWorkspaceFiles } from '#src/cli/workspace-files.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { describeDoubts } from '#src/workspace/settings/describe-doubts.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { answer, response } from './samples.ts';

const root = new URL('../../', import.meta.url);

const Answers = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({});
const Sample = z.strictObject({
  says: z.string(),
  source: z.string(),
  answers: Answers,
  words: z.record(z.string(), z.string()).default({}),
  earlier: z.array(z.strictObject({ 'days-ago': z.number(), answers: Answers })).default([]),
});
const Samples = z.strictObject({ fires: z.array(Sample).min(2), silent: z.array(Sample).min(2) });

const { files } = readWorkspaceFiles(new URL('templates/workspaces/customer-care.yaml', root).pathname);
const { templates, workspace } = readSettings(files, 1, WorkspaceFileSchema);
const shipped = readdirSync(new URL('templates/cases/', root)).map((file) => file.replace('.yaml', ''));

const elevated = shipped.filter((name) => templates.get(name)?.when.source.length === 0);

const given = (sample: z.output<typeof Sample>) =>
  response(
    [
      ...Object.entries(sample.answers).map(([alias, value]) => answer(alias, value)),
      ...Object.entries(sample.words).map(([alias, text]) => answer(alias, text, { freeText: true, type: 'text' })),
    ],
    { source: sample.source, submittedAt: 1000 * dayMs },
  );

/** The people of this one get their accounts from whoever starts with it. */
const withoutAccounts = 'customer-care.yaml';

it.each(readdirSync(new URL('templates/workspaces/', root)).filter((file) => file !== withoutAccounts))(
  'the workspace %s raises no doubt as shipped',
  (file) => {
    const own = readWorkspaceFiles(new URL(`templates/workspaces/${file}`, root).pathname);
    expect(describeDoubts(readSettings(own.files, 1, WorkspaceFileSchema), null)).toEqual([]);
  },
);

describe('the library of case templates', () => {
  it('is all in the starting workspace', () => {
    expect([...templates.keys()].sort()).toEqual(shipped.sort());
    expect(Object.keys(workspace.tiers)).toEqual(['gold', 'silver', 'bronze']);
  });

  it('takes no response by itself where cases are elevated', () => {
    expect(elevated).toEqual(['larger-problem']);
  });

  describe.each(shipped.filter((name) => !elevated.includes(name)))('%s', (name) => {
    const template = templates.get(name);
    const samples = Samples.parse(parse(readFileSync(new URL(`test/fixtures/templates/${name}.yaml`, root), 'utf8')));
    const evaluation = (sample: z.output<typeof Sample>) => {
      if (!template) throw new Error(`no template ${name}`);
      const earlier = sample.earlier.map((entry, index) =>
        response(
          Object.entries(entry.answers).map(([alias, value]) => answer(alias, value)),
          {
            source: sample.source,
            responseId: `earlier-${index}`,
            submittedAt: (1000 - entry['days-ago']) * dayMs,
          },
        ),
      );
      const decided = evaluate(template, given(sample), { earlier });
      return { matched: decided.matched, why: explain(decided).join('; ') };
    };

    it.each(samples.fires.map((sample) => [sample.says, sample] as const))('fires: %s', (_, sample) => {
      expect(evaluation(sample)).toMatchObject({ matched: true, why: expect.stringMatching(/^[A-Z“]/) });
    });

    it.each(samples.silent.map((sample) => [sample.says, sample] as const))('is silent: %s', (_, sample) => {
      expect(evaluation(sample)).toMatchObject({ matched: false, why: expect.stringContaining('') });
    });
  });
});

it('hears first from a gold customer at risk, as the starting workspace says', () => {
  const template = templates.get('at-risk-customer');
  if (!template) throw new Error('no template');
  const goals = chooseGoals(workspace, template, { name: 'gold', why: 'gold customers' });
  expect(goals.firstContactGoalMs).toBe(workspace.tiers.gold?.categories['At-risk customer']?.['first-contact']);
});
