import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { SettingsFile } from '#domain/templates/template.ts';
import { createObjectSql } from '#src/workspace/object-sql.ts';
import { settingsVersions } from '#src/workspace/store/access.ts';
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

test('large patterns from before their bounds are told with each push, and refused once their template changes', async () => {
  const { files, call, stub, name } = await newWorkspace(exemptOpenings);
  const large = Array(48).fill("{ question: wish, matches: '[a-z]{1,90}!' }").join(', ');
  const stored = files.map((file): SettingsFile => {
    const text = String(file.text);
    return {
      kind: file.kind as SettingsFile['kind'],
      name: file.name,
      text: file.name === 'upgrade-hard-to-install' ? text.replace(/^when: .*/m, `when: { any: [${large}] }`) : text,
    };
  });
  await runInDurableObject(stub, async (_, { storage }) => {
    settingsVersions.insert(createObjectSql(storage), { version: 2, files: stored, author: 'dana', at: Date.now() });
  });
  const push = (added: string) =>
    call('PUT', 'settings', {
      files: stored.map((file) => (file.name === added ? { ...file, text: `${file.text}\n# changed` } : file)),
    });
  const ofWorkspace = await push(name);
  expect([ofWorkspace.status, (await ofWorkspace.json()) as object]).toEqual([
    200,
    expect.objectContaining({
      version: 3,
      warnings: [
        expect.stringMatching(/^template upgrade-hard-to-install has patterns that are too large together/),
        expect.stringMatching(/^the workspace has patterns .* of at most 4000/),
      ],
    }),
  ]);
  const ofTemplate = await push('upgrade-hard-to-install');
  expect(ofTemplate.status).toBe(422);
  expect(await ofTemplate.text()).toMatch(/when .*at most 1000.*repeat less.*templates.*at most 4000/s);
});
