import { beforeEach, describe, expect, it } from 'vitest';
import { createDesk } from '#adapters/emulators/desk.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';

const baseUrl = 'https://github.test';
const seed = {
  repository: 'acme/product',
  people: ['dana-acme', 'sam-acme'],
  bot: { login: 'acme-caselite', token: 'bot-token' },
};

describe('the desk', () => {
  let desk: ReturnType<typeof createDesk>;
  let host: ReturnType<typeof createGitHub>;

  beforeEach(async () => {
    let time = Date.parse('2026-11-23T09:30:00Z');
    host = createGitHub({ now: () => (time += 1000), baseUrl, seed });
    for (const title of ['First <b>issue</b>', 'Second issue']) {
      await host.app.request(`${baseUrl}/repos/acme/product/issues`, {
        method: 'POST',
        headers: { authorization: 'token bot-token' },
        body: JSON.stringify({
          title,
          body: 'Score 2\n\n<!-- caselite:1.C-1.ab -->',
          labels: ['severity:urgent'],
        }),
      });
    }
    desk = createDesk({
      names: new Map([['dana-acme', 'Dana Reyes']]),
      trackerUser: [host.trackerUser],
      inboxUrl: 'http://mail.test/inbox',
      dashboardUrl: 'http://d.test',
    });
  });

  const submit = (path: string, fields: Record<string, string>) =>
    desk.request(path, { method: 'POST', body: new URLSearchParams(fields) });

  it('shows issues as text, without what a tracker hides', async () => {
    const page = await (await desk.request('/')).text();
    expect(page).toContain('First &lt;b&gt;issue&lt;/b&gt;');
    expect(page).toContain('severity:urgent');
    expect(page).toContain('<option value="dana-acme" >Dana Reyes</option>');
    expect(page).not.toContain('caselite:1.C-1');
    expect(page.indexOf('Second issue')).toBeLessThan(page.indexOf('First'));
  });

  it('comments, closes and reopens by forms', async () => {
    const answer = await submit('/github/1/comment', { as: 'sam-acme', text: 'On it' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/?as=sam-acme#github-1');
    await submit('/github/1/close', { as: 'sam-acme', kind: 'not-planned', text: 'Sorry' });
    expect(host.state.issues[0]).toMatchObject({
      state: 'closed',
      reason: 'not_planned',
      closedBy: 'sam-acme',
    });
    expect(host.state.comments.map(({ body }) => body)).toEqual(['On it', 'Sorry']);
    await submit('/github/1/reopen', { as: 'dana-acme', text: '' });
    expect(host.state.issues[0]).toMatchObject({ state: 'open' });
  });

  it('takes and gives JSON', async () => {
    const answer = await desk.request('/github/2/close', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: 'dana-acme', kind: 'duplicate' }),
    });
    expect(await answer.json()).toMatchObject({ tracker: 'github', key: '2', reason: 'duplicate' });
    const all = await (await desk.request('/issues.json')).json();
    expect(all.map(({ tracker, key, state }: Record<string, string>) => [tracker, key, state])).toEqual([
      ['github', '1', 'open'],
      ['github', '2', 'closed'],
    ]);
  });

  it('says what is wrong', async () => {
    expect((await submit('/github/1/close', { as: '' })).status).toBe(400);
    expect((await submit('/github/99/comment', { as: 'sam-acme', text: 'x' })).status).toBe(502);
    expect((await submit('/trello/1/close', { as: 'sam-acme' })).status).toBe(404);
  });
});
