import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SettingsFile } from '#domain/templates/template.ts';
import { projectRoot, readWorkspaceFiles } from '#src/cli/workspace-files.ts';
import { addDeploymentSender } from '#src/deployment.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { Harness } from '#test/harness/harness.ts';

const hour = 3_600_000;
const path = join(projectRoot, 'templates', 'workspaces', 'small.yaml');
const { files } = readWorkspaceFiles(path);
const withText = (change: (text: string) => string): SettingsFile[] =>
  files.map((file) => (file.kind === 'workspace' ? { ...file, text: change(file.text) } : file));
const read = (given: SettingsFile[]) =>
  addDeploymentSender(readSettings(given, 1, WorkspaceFileSchema), () => 'Caselite <caselite@acme.example>');

describe('a workspace file of 15 lines', () => {
  it('is complete: a response opens a case and an issue', async () => {
    expect(readFileSync(path, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    const harness = new Harness(read(withText((text) => text.replace('survey:', 'upgrade-survey:'))));
    await harness.receive({ completed: false });
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({
      template: 'upgrade-not-installed',
      team: 'everybody',
      assignee: 'dana',
      loopOwner: 'dana',
      severity: 'normal',
      tracker: 'support',
      issue: { key: expect.any(String) },
    });
  });

  it('needs a sender of the deployment where it names no mail', () => {
    expect(() => addDeploymentSender(readSettings(files, 1, WorkspaceFileSchema), () => undefined)).toThrow(
      /mail is missing, and the deployment has no MAIL_FROM/,
    );
    expect(() => addDeploymentSender(readSettings(files, 1, WorkspaceFileSchema), () => 'Acme feedback')).toThrow(
      'MAIL_FROM of the deployment is not an e-mail address',
    );
  });

  it.each([
    [
      'trackers:\n',
      'trackers:\n  more: { kind: github, repository: acme/more, token: T2 }\n',
      /tracker.*: is missing.*more, support; set tracker in the case template, or templates\.upgrade-not-installed\.tracker/,
    ],
    [
      'sources:\n',
      'sources:\n  more: { kind: events, secret: S2 }\n',
      /when\.source.*: is missing.*more, survey; set when\.source/,
    ],
    ['templates:', 'teams: { one: {}, two: {} }\ntemplates:', /team.*: is missing.*one, two; set team/],
  ])('says which setting is missing where there are two: %j', (before, after, message) => {
    expect(() => read(withText((text) => text.replace(before, after)))).toThrow(message);
  });

  it('names the place of a template beside it', () => {
    const { templates } = read(
      withText((text) =>
        text
          .replace('trackers:\n', 'trackers:\n  more: { kind: github, repository: acme/more, token: T2 }\n')
          .replace('[upgrade-not-installed]', '{ upgrade-not-installed: { tracker: more } }'),
      ),
    );
    expect(templates.get('upgrade-not-installed')).toMatchObject({ tracker: 'more', when: { source: ['survey'] } });
  });
});
