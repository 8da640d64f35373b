import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startEmulate } from '#adapters/emulators/emulate-host.ts';
import { resend } from '#adapters/mail/resend/definition.ts';
import { startResend } from '#adapters/mail/resend/emulator/definition.ts';
import { github } from '#adapters/trackers/github/definition.ts';
import { githubSeed, startGitHub } from '#adapters/trackers/github/emulator/definition.ts';
import { createGitHubGaps, githubGaps } from '#adapters/trackers/github/emulator/gaps.ts';
import { githubUser } from '#adapters/trackers/github/emulator/tracker-user.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { withFaults } from '#test/contracts/faults.ts';
import { describeTracker, sampleDraft } from '#test/contracts/tracker.ts';
import type { TrackerRefusals } from '#test/contracts/tracker-refusals.ts';
import { validatingAnswers } from '#test/contracts/validating.ts';

const seed = {
  repository: 'acme/product',
  people: ['dana-acme', 'sam-acme'],
  bot: { login: 'acme-caselite', token: 'bot-token' },
};
const mail = {
  key: 'mail-1',
  from: 'Acme feedback <feedback@acme.example>',
  to: 'ines@customer.example',
  replyTo: 'dana@acme.example',
  subject: 'Is it solved?',
  text: 'Hello',
  html: '<p>Hello</p>',
  headers: { 'List-Unsubscribe': '<https://caselite.example/u/1>' },
};

let dir: string;
type Running = Awaited<ReturnType<typeof start>>;
let running: Running;

async function start() {
  const place = { host: '127.0.0.1', port: 0, folder: dir };
  const [github, resend] = await Promise.all([
    startGitHub({ ...place, place: seed, issuePage: (number) => `http://127.0.0.1:1/#github-${number}` }),
    startResend({ ...place, key: 're_local' }),
  ]);
  return { github, resend, close: () => Promise.all([github.close(), resend.close()]) };
}

const makeTracker = (baseUrl = running.github.address, token = seed.bot.token) =>
  github.create(github.settings.parse({ kind: 'github', repository: seed.repository, token: 'GITHUB_TOKEN' }), {
    fetch,
    baseUrl,
    retryMs: 0,
    secret: () => token,
  });
const makeMailer = (key = 're_local') =>
  resend.create(resend.settings.parse({ kind: 'resend', from: mail.from, key: 'RESEND_KEY' }), {
    fetch,
    baseUrl: running.resend.address,
    secret: () => key,
  });

describeTracker('GitHub, as emulate has it,', async () => {
  const { repository, people, bot } = seed;
  const baseUrl = 'http://github.test';
  let time = Date.parse('2026-11-23T09:30:00.400Z');
  const host = await startEmulate({ service: 'github', baseUrl, seed: githubSeed(seed) });
  onTestFinished(() => host.close());
  await host.setClock(time);
  const gaps = createGitHubGaps();
  const mended: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const { method, url } = request;
    gaps.observe({ method, path: new URL(url).pathname, body: await request.clone().text() });
    return gaps.correct(await host.fetch(request));
  };
  const { fetch: refusing, refusals } = githubRefusals(mended);
  const { fetch, faults } = withFaults(validatingAnswers('github', refusing, githubGaps));
  const settings = github.settings.parse({ kind: 'github', repository, token: 'GITHUB_TOKEN' });
  return {
    tracker: await github.create(settings, { fetch, baseUrl, retryMs: 0, secret: () => bot.token }),
    trackerUser: githubUser({ fetch: mended, baseUrl, repository: () => repository, people }),
    draft: sampleDraft,
    now: () => time,
    async advance(ms) {
      time += ms;
      await host.setClock(time);
    },
    faults,
    refusals,
  };
});

/** Refusals of a company's repository, which the third-party emulator does not have. */
function githubRefusals(inner: Fetch): { fetch: Fetch; refusals: TrackerRefusals } {
  let isRefused = (_: string, __: Record<string, unknown>): Response | null => null;
  const answer = (status: number, rest: object) =>
    Response.json({ documentation_url: 'https://docs.github.com/rest', status: String(status), ...rest }, { status });
  const fields = { title: 'title', assignee: 'assignees', closing: 'state' };
  const requests = {
    create: ['POST /issues'],
    edit: ['PATCH /issues', 'POST /issues/labels'],
    close: ['PATCH /issues'],
    comment: ['POST /issues/comments'],
  };
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname.replace(/^\/repos\/[^/]+\/[^/]+/, '').replace(/\/\d+/g, '');
      const body =
        request.method === 'GET'
          ? {}
          : await request
              .clone()
              .json()
              .catch(() => ({}));
      return isRefused(`${request.method} ${path}`, body) ?? inner(request);
    },
    refusals: {
      refuse(what) {
        const field = fields[what];
        isRefused = (_, body) => {
          const errors = [
            { resource: 'Issue', code: 'custom', field, message: `${String(body[field])} is not accepted` },
          ];
          return [body[field]].flat().some(Boolean) ? answer(422, { message: 'Validation Failed', errors }) : null;
        };
      },
      forbid(what) {
        isRefused = (request) =>
          requests[what].includes(request)
            ? answer(403, { message: 'Resource not accessible by personal access token' })
            : null;
      },
    },
  };
}

describe('the local GitHub and Resend', () => {
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'caselite-'));
    running = await start();
  });

  afterEach(async () => {
    await running.close();
    rmSync(dir, { recursive: true });
  });

  it('come back after a restart with the same numbers, times, reasons and mails', async () => {
    const tracker = await makeTracker();
    for (const n of [1, 2, 3]) await tracker.createIssue(sampleDraft(n));
    await running.github.trackerUser.comment('1', 'dana-acme', 'Looking into it');
    await running.github.trackerUser.close('2', 'sam-acme', 'not-planned');
    await running.github.trackerUser.close('3', 'sam-acme', 'duplicate');
    const { id } = await (await makeMailer()).send(mail);
    const issues = await running.github.trackerUser.list();
    const closed = await tracker.readIssue('2');
    const inbox = await running.resend.inbox();
    expect(inbox).toMatchObject([{ id, to: [mail.to], replyTo: mail.replyTo, subject: mail.subject }]);

    await running.close();
    appendFileSync(join(dir, 'github.jsonl'), '{"at":1,"method":"POST","pa');
    running = await start();

    const unported = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, 'host');
    const again = await running.github.trackerUser.list();
    expect(unported(JSON.stringify(again))).toBe(unported(JSON.stringify(issues)));
    expect((await (await makeTracker()).readIssue('2'))?.closure?.at).toBe(closed?.closure?.at);
    expect(await running.resend.inbox()).toEqual(inbox);
    expect((await (await makeTracker()).createIssue(sampleDraft(4))).key).toBe('4');

    await running.close();
    running = await start();
    expect((await running.github.trackerUser.list()).map(({ key }) => key)).toEqual(['1', '2', '3', '4']);
  });

  it('know nobody without a token', async () => {
    const tracker = await makeTracker(running.github.address, 'stolen');
    await expect(tracker.readIssue('1')).rejects.toMatchObject({ code: 'auth', status: 401 });
    await expect((await makeMailer('stolen')).send(mail)).rejects.toMatchObject({ code: 'auth' });
  });

  it('send one mail for one key, and none for a key with other bytes', async () => {
    const mailer = await makeMailer();
    const first = await mailer.send(mail);
    expect(await mailer.send(mail)).toEqual(first);
    await expect(mailer.send({ ...mail, text: 'Other' })).rejects.toMatchObject({ code: 'rejected' });
    expect(await running.resend.inbox()).toHaveLength(1);
  });

  it('show issues and mails at public addresses', async () => {
    const { url } = await (await makeTracker()).createIssue(sampleDraft(1));
    expect(url).toBe(`${running.github.address}/acme/product/issues/1`);
    const page = await fetch(url, { redirect: 'manual' });
    expect(page.headers.get('location')).toBe('http://127.0.0.1:1/#github-1');
    expect(await (await fetch(running.resend.inboxUrl)).text()).toContain('No emails sent yet');
  });

  it('say which people can be assigned', async () => {
    const request = { labels: [], now: Date.now() };
    const tracker = await makeTracker();
    const people = async (accounts: string[]) =>
      (await tracker.check({ ...request, accounts })).filter(({ about }) => about === 'people');
    expect(await people(['Dana-Acme', 'sam-acme'])).toEqual([]);
    expect(await people(['nobody-acme'])).toMatchObject([{ message: expect.stringContaining('nobody-acme') }]);
  });

  it('let nobody pass off a copy of an issue as ours', async () => {
    const asSam = await makeTracker(running.github.address, 'as-sam-acme');
    const draft = sampleDraft(1);
    await asSam.createIssue(draft);
    const search = { marker: draft.marker, uuid: draft.uuid, floor: '0', startedAt: Date.now() };
    expect(await (await makeTracker()).findCreatedIssue(search)).toBeNull();
    expect((await asSam.findCreatedIssue(search))?.key).toBe('1');
  });
});
