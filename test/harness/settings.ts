import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import { buildWorkspaceFileSchema } from '#src/wiring.ts';
import { acme, acmeFiles, copySettings } from '#test/domain/samples.ts';
import { registryWithTool } from '#test/emulators/survey-tool-source.ts';

/** Schema of a workspace file that may name the emulated survey tool. */
export const schemaWithTool = buildWorkspaceFileSchema(registryWithTool);

/** Acme as shipped, but polled once a day, so that months pass quickly. */
export const slowAcme = (change: (text: string) => string = (text) => text): Settings =>
  acme(({ name, text }) => (name === 'acme' ? change(text).replace('every: 2 minutes', 'every: 1 day') : text));

type ChangeFile = (acme: string) => string;
type ChangeTemplate = (name: string, text: string) => string;

/**
 * Acme as shipped, but polled less often, so that days pass quickly.
 *
 * @param change a scenario's change to the workspace file
 * @param changeTemplate the change to each case template
 */
export const simulatedSettings = (change?: ChangeFile, changeTemplate?: ChangeTemplate): Settings =>
  copySettings(simulatedFiles(change, changeTemplate), schemaWithTool);

/** The files of the same settings. */
export function simulatedFiles(
  change: ChangeFile = (acme) => acme,
  changeTemplate: ChangeTemplate = (_, text) => text,
): SettingsFile[] {
  const workspace = (text: string) =>
    text
      .replace(
        'delay: 1 day, reminder: 5 days, window: 14 days',
        'delay: 2 hours, reminder: 12 hours, window: 24 hours',
      )
      .replace('every: 2 minutes', 'every: 2 hours, slowest: 2 hours')
      .replace('key: RESEND_KEY', 'key: RESEND_KEY, webhook-secret: RESEND_WEBHOOK')
      .replace('    token: GITHUB_TOKEN\n', '    token: GITHUB_TOKEN\n    webhook-secret: HOOK_SECRET\n')
      .replace('sources:\n', toolSource);
  const template = (name: string, text: string) =>
    changeTemplate(
      name,
      `${text.replace('source: upgrade-survey', 'source: [upgrade-survey, tool]').replace(/^gather: .*\n/m, '')}${additions.get(name) ?? ''}`,
    );
  return acmeFiles(({ kind, name, text }) => {
    if (kind === 'survey') return text;
    return kind === 'workspace' ? change(workspace(text)) : template(name, text);
  });
}

/** The same with the issues of the first case template in one tracker. */
export const settingsIn = (tracker: string, change?: (acme: string) => string): Settings =>
  simulatedSettings(change, (name, text) =>
    name === 'upgrade-not-installed' ? text.replace('tracker: support', `tracker: ${tracker}`) : text,
  );

/** A tool with an API beside Acme's own: its deliveries contain only ids, and some are lost permanently. */
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

/** Two cases of one category open a strategic case here. Other strategic cases gather by tier. */
const additions = new Map([
  ['upgrade-not-installed', 'on-repeat: raise severity\n'],
  [
    'upgrade-hard-to-install',
    `gather:
  theme: customer.tier
  cases: [{ category: Installation issues, count: 2, within: 30 days }, { verdict: known-gap, count: 1, within: 30 days }]
digest: 12 hours
`,
  ],
]);
