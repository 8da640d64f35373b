import { jira } from '#adapters/trackers/jira/definition.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { IssueDraft } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { validatingAnswers } from '#test/contracts/validating.ts';

export const baseUrl = 'https://acme.atlassian.example';
export const settings = jira.settings.parse({
  kind: 'jira',
  project: 'SUP',
  email: 'bot@acme.example',
  token: 'JIRA_TOKEN',
});
export const people = [
  { account: 'acc-dana', name: 'Dana' },
  { account: 'acc-sam', name: 'Sam' },
];
export const bot = { account: 'acc-bot', email: 'bot@acme.example', token: 's3cret' };
export const start = Date.UTC(2026, 10, 22, 9);
export { minuteMs as minute } from '#domain/time/units.ts';

export type Reply = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

/** An emulated site, its clock, and a tracker whose calls pass through `trouble.reply`. */
export async function harness(config: { secret?: string; address?: string; issueType?: string } = {}) {
  const clock = { now: start };
  const site = createJira({ now: () => clock.now, baseUrl, seed: { project: 'SUP', people, bot } });
  const sent: { method: string; path: string; body: string }[] = [];
  const trouble: { reply: Reply } = { reply: (_, answer) => answer() };
  const answer = validatingAnswers('jira', async (request) => site.app.fetch(new Request(request)));
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    sent.push({ method: request.method, path: pathname, body: await request.clone().text() });
    return trouble.reply(request, () => answer(request));
  };
  const tracker: Tracker = await jira.create(
    { ...settings, 'issue-type': config.issueType ?? 'Task' },
    {
      fetch,
      baseUrl: config.address ?? baseUrl,
      retryMs: 0,
      secret: () => config.secret ?? 's3cret',
    },
  );
  return { ...site, clock, sent, trouble, tracker };
}

export const draft: IssueDraft = {
  marker: '1.C-17.0123456789abcdef0123456789abcdef',
  uuid: '6f1c2c1e-0000-4000-8000-000000000000',
  title: 'Upgrade was not installed',
  body: 'Why: **score 2** of 10, chosen &lt;Other&gt; \\*as is\\*\n\n- Tier: gold\n\n[Case page](https://cases.acme.example/C-17)',
  labels: [
    { name: 'severity:urgent', color: 'd73a4a', description: '' },
    { name: 'category:installation-issues', color: '0e8a16', description: '' },
  ],
  severity: { name: 'urgent', rank: 1 },
  dueDate: '2026-11-24',
  assignee: 'acc-sam',
  link: { url: 'https://cases.acme.example/C-17', title: 'C-17' },
};
export const search = { marker: draft.marker, uuid: draft.uuid, startedAt: start };

/** Drops the answer of every matching call after the site has carried it out. */
export const loseAnswers =
  (method: string, path: RegExp): Reply =>
  async (request, answer) => {
    const response = await answer();
    if (request.method !== method || !path.test(new URL(request.url).pathname)) return response;
    throw new DOMException('The operation timed out.', 'TimeoutError');
  };

export const creates = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path === '/rest/api/3/issue';
