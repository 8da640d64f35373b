import { expect, test } from 'vitest';
import { exemptOpenings } from '#test/domain/earnest.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

test('a push is answered with what the tracker says of issue settings, and with what labels become', async () => {
  network.use(...emulatedHosts().handlers);
  const { files, call } = await newWorkspace(exemptOpenings);
  const changed = files.map((file) => ({
    ...file,
    text: String(file.text)
      .replace('categories: [', 'categories: ["🔥", ')
      .replace(/\n {4}issue-type: Task\n/, '\n    issue-type: Tsk\n    fields: { Nowhere: x }\n'),
  }));
  const label = 'category “🔥” becomes the label category:u1f525';
  const validated = await (await call('POST', 'settings/validate', { files: changed })).json();
  expect(validated).toMatchObject({ warnings: [label] });
  const answer = await call('PUT', 'settings', { files: changed });
  expect(answer.status).toBe(200);
  const { warnings } = (await answer.json()) as { warnings: string[] };
  expect(warnings).toContain(label);
  expect(warnings.join('\n')).toContain(
    'support (jira) STOPS, fields: the project SUP has no issue type Tsk; name one',
  );
});

test('a push is answered with a mistake in the issue settings of a template', async () => {
  network.use(...emulatedHosts().handlers);
  const { files, call } = await newWorkspace(exemptOpenings);
  const changed = files.map((file) =>
    file.name === 'upgrade-not-installed' ? { ...file, text: `${String(file.text)}\nissue: { typ: Bug }\n` } : file,
  );
  const { warnings } = (await (await call('PUT', 'settings', { files: changed })).json()) as { warnings: string[] };
  expect(warnings).toContainEqual(expect.stringMatching(/^support \(jira\) STOPS, fields: .*issue.*typ.*template$/));
});

test('a push is never refused because a tracker is down', async () => {
  const { files, call } = await newWorkspace(exemptOpenings);
  const changed = files.map((file) => ({ ...file, text: `${String(file.text)}\n` }));
  const answer = await call('PUT', 'settings', { files: changed });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ version: 2, changed: true, warnings: [] });
});
