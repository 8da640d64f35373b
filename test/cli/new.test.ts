import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { createWorkspaceFile } from '#src/cli/new.ts';
import { readWorkspaceFiles } from '#src/cli/workspace-files.ts';
import { registry } from '#src/wiring.ts';

/** Answers in order; one that does not fit is asked again, as on a terminal. */
async function answer(...answers: string[]) {
  const questions: string[] = [];
  const file = await createWorkspaceFile(async (question, fits) => {
    for (;;) {
      questions.push(question);
      const given = answers.shift() ?? '';
      if (fits?.safeParse(given).success ?? true) return given;
    }
  });
  return { ...file, questions, rest: answers };
}

it('writes a file of some fifteen lines that is sound', async () => {
  const asked = [
    'Böhm & Co. finance',
    'Dana Reyes',
    'not an address',
    'dana@acme.example',
    'tally',
    '1',
    'acme/care',
    'dana-acme',
    '7',
    '1',
    'q_1',
  ];
  const { name, text, secrets, questions, rest } = await answer(...asked);
  expect([name, secrets, rest]).toEqual([
    'bohm-co-finance',
    ['BOHM_CO_FINANCE__TALLY_SECRET', 'BOHM_CO_FINANCE__GITHUB_TOKEN'],
    [],
  ]);
  expect(questions.filter((question) => question.startsWith('   Your e-mail')).length).toBe(2);
  const path = join(mkdtempSync(join(tmpdir(), 'caselite-')), 'new.yaml');
  writeFileSync(path, text);
  expect(readWorkspaceFiles(path).workspace).toMatchObject({
    name: 'Böhm & Co. finance',
    people: { dana: { email: 'dana@acme.example' } },
  });
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
});

it.each(registry.trackers.map(({ kind }) => kind))('asks for what %s requires', async (kind) => {
  const place = { github: ['acme/care'], jira: ['CARE', 'bot@acme.example'], linear: ['CAR'] }[kind] ?? [];
  const { text } = await answer('Care', 'Dana', 'dana@acme.example', 'typeform', kind, ...place, 'account', '2', 'q');
  expect(parse(text)).toMatchObject({ trackers: { cases: { kind, token: `${kind.toUpperCase()}_TOKEN` } } });
  const path = join(mkdtempSync(join(tmpdir(), 'caselite-')), 'new.yaml');
  writeFileSync(path, text);
  expect(() => readWorkspaceFiles(path)).not.toThrow();
});
