import { readdirSync, readFileSync } from 'node:fs';
import type { Settings, SettingsFile } from '#domain/templates/settings.ts';
import { workspaceFileWith } from '#src/wiring.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { registryWithTool } from '#test/emulators/survey-tool-source.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/**
 * Acme as it is shipped, polled less often, so that days pass in a moment. Read anew for each run: what one run
 * does to its settings is nothing to the next.
 *
 * @param change the workspace file that a scenario makes of Acme's
 * @param changeTemplate what it makes of each case template
 */
export function simulatedSettings(
  change: (acme: string) => string = (acme) => acme,
  changeTemplate: (name: string, text: string) => string = (_, text) => text,
): Settings {
  const files = (kind: SettingsFile['kind'], folder: string): SettingsFile[] =>
    readdirSync(new URL(folder, root)).map((file) => ({
      kind,
      name: file.replace('.yaml', ''),
      text: `${read(folder + file)}${file === 'upgrade-not-installed.yaml' ? 'on-repeat: { severity: one-higher }\n' : ''}`,
    }));
  const text = read('templates/workspaces/acme.yaml')
    .replace(
      'delay: 1 day, reminder: 5 days, window: 14 days',
      'delay: 2 hours, reminder: 12 hours, window: 24 hours',
    )
    .replace('every: 2 minutes', 'every: 2 hours, slowest: 2 hours')
    .replace('key: RESEND_KEY', 'key: RESEND_KEY, webhook-secret: RESEND_WEBHOOK')
    .replace('    token: GITHUB_TOKEN\n', '    token: GITHUB_TOKEN\n    webhook-secret: HOOK_SECRET\n')
    .replace('sources:\n', toolSource)
    .replace(/^elevations:\n(?: {2}.*\n)*/m, elevations);
  const workspace: SettingsFile = { kind: 'workspace', name: 'acme', text: change(text) };
  const templates = files('case-template', 'templates/cases/').map((file) => ({
    ...file,
    text: changeTemplate(
      file.name,
      `${file.text.replace('source: upgrade-survey', 'source: [upgrade-survey, tool]')}${file.name === 'upgrade-hard-to-install' ? gathering : ''}`,
    ),
  }));
  return readSettings(
    [workspace, ...templates, ...files('survey', 'templates/surveys/')],
    1,
    workspaceFileWith(registryWithTool),
  );
}

/** A tool with an API beside Acme's own: its deliveries only name responses, and some get lost for good. */
const toolSource = `invitations:
  upgrade:
    on: { source: events, event: upgrade.downloaded }
    after: 20 hours
    link: https://form.test/to/abc
    subject: How did it go?
    text: Three questions about your download.
    button: Answer
sources:
  events: { kind: events, secret: EVENTS_SECRET }
  tool:
    kind: emulated-survey-tool
    secret: TOOL_SECRET
    token: TOOL_TOKEN
    questions: { completed: completed, ease: ease }
    respondent: { key: hidden.customer_id, email: hidden.email }
  export:
    kind: csv
    columns: { id: id, submitted-at: at }
    respondent: { key: hidden.customer }
`;

/** Two of a kind make a larger problem here, which otherwise gathers by tier and counts its customers. */
const elevations = `elevations:
  - { when: { category: Installation issues }, count: 2, within: 30 days, opens: upgrade-hard-to-install }
  - { when: { verdict: known-gap }, count: 1, within: 30 days, opens: upgrade-hard-to-install }
`;
const gathering = `gather-by: { theme: customer.tier }
digest: 12 hours
`;
