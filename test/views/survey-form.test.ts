import { expect, it } from 'vitest';
import { buildSurveyPage } from '#src/workspace/queries/customer-pages.ts';
import { SurveyFormPage } from '#src/views/survey-page.tsx';
import { Harness } from '#test/harness/harness.ts';
import { minute } from '#test/harness/times.ts';

it('writes choices that are names of the settings as sentences, and sends the names', async () => {
  const harness = new Harness();
  await harness.receive({ completed: false });
  harness.trackers.support.close(0, 'completed', harness.core.settings.workspace.people.sam?.accounts.jira ?? '');
  await harness.poll();
  await harness.pass(10 * minute);
  const closer = harness.followUps().find(({ kind }) => kind === 'closer');
  const survey = buildSurveyPage(harness.core, closer?.id ?? '');
  const page = String(await SurveyFormPage({ survey, values: new Map(), problems: [] }));
  expect(page).toContain('value="missing feature"');
  expect(page).toContain('<bdi>Missing feature</bdi>');
});
