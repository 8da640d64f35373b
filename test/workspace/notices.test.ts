import { afterAll, describe, expect, it } from 'vitest';
import { startWatchingRisks } from '#src/workspace/cases/watch-risks.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Notice } from '#domain/integrations/mailer.ts';
import { noticeEvents } from '#domain/settings/notice-event.ts';
import { findReplyAddress } from '#src/workspace/basics/case-address.ts';
import { changeStatus } from '#src/workspace/cases/change-fields.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { inbound, receiveReply, renderReply } from '#test/harness/replies.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

/*
 * Each event that a case manager can choose occurs once, and notifies the named people with a link to the full
 * response.
 */

const everything = noticeEvents.map((event) => `  ${event}: { to: [mette], by: [mail, operations] }\n`).join('');
const settings = (change: (text: string) => string) =>
  acme(({ name, text }) => {
    if (name !== 'acme') return name.startsWith('upgrade') ? change(text.replace(/^notify:.*\n/m, '')) : text;
    return change(
      text
        .replace('every: 2 minutes', 'every: 1 day')
        .replace(/^notices:.*\n/m, `notices:\n${everything}`)
        .replace(/^quiet-hours:.*\n/m, '')
        .replace('mail: {', 'channels: { operations: { kind: webhook, url: OPS_URL, secret: OPS_SECRET } }\nmail: {'),
    );
  });

const seen = new Set<string>();

class Reported extends Harness {
  readonly notices: Notice[] = [];

  constructor(change: (text: string) => string = (text) => text) {
    super(settings(change));
    this.core.integrations.channel = async () => ({
      send: async (notice) => {
        if ('case' in notice) this.notices.push(notice);
        seen.add(notice.event);
      },
    });
  }

  get events(): string[] {
    return this.notices.map(({ event }) => event);
  }

  async close(by: 'dana' | 'sam' = 'dana'): Promise<void> {
    const account = this.core.settings.workspace.people[by]?.accounts.jira ?? '';
    this.trackers.support.close(0, 'completed', account);
    await this.poll();
  }

  /** Both sides answer the newest closing; null is silence. */
  async answers(customer: 'yes' | 'no' | null, closer: 'yes' | 'unable' | null): Promise<void> {
    await this.pass(day + hour);
    const followUps = this.followUps().filter(({ generation }) => generation === this.case().generation);
    const say = (kind: string, values: [string, string][]) =>
      answerAsk(this.core, followUps.find((followUp) => followUp.kind === kind)?.id ?? '', new Map(values));
    if (closer) say('closer', [['closed', closer]]);
    if (customer) say('customer', [['resolved', customer]]);
    await this.pass(hour);
  }
}

const failed = { completed: false };

async function opened(change?: (text: string) => string): Promise<Reported> {
  const harness = new Reported(change);
  await harness.receive(failed);
  await harness.pass(1);
  return harness;
}

async function closed(): Promise<Reported> {
  const harness = await opened();
  await harness.close();
  return harness;
}

const stories: Partial<Record<(typeof noticeEvents)[number], () => Promise<Reported>>> = {
  opened,
  joined: async () => {
    const harness = await opened();
    await harness.receive({ ...failed, token: 'r-2' });
    await harness.pass(1);
    return harness;
  },
  'status-changed': async () => {
    const harness = await opened();
    harness.sql.transaction(() => changeStatus(harness.core, harness.case().id, 'Pending', { who: 'sam' }));
    await harness.pass(1);
    return harness;
  },
  'first-contact-missed': async () => {
    const harness = await opened();
    await harness.pass(5 * hour);
    return harness;
  },
  'due-soon': async () => {
    const harness = await opened();
    await harness.pass(13 * hour);
    return harness;
  },
  overdue: async () => {
    const harness = await opened();
    await harness.pass(25 * hour);
    return harness;
  },
  escalated: async () => {
    const harness = await opened();
    await harness.pass(2 * day + hour);
    return harness;
  },
  replied: async () => {
    const harness = await opened((text) =>
      text.startsWith('workspace:') || text.includes('\nworkspace:') ? `${text}\n${inbound}` : text,
    );
    const address = findReplyAddress(harness.core, harness.case()) ?? '';
    await receiveReply(harness.core, address, renderReply('k-1@customer.example', 'Thank you'));
    await harness.pass(1);
    return harness;
  },
  closed,
  confirmed: async () => {
    const harness = await closed();
    await harness.answers('yes', 'yes');
    return harness;
  },
  disputed: async () => {
    const harness = await closed();
    await harness.answers('no', 'yes');
    return harness;
  },
  'at-risk': async () => {
    const harness = await closed();
    await harness.answers('no', 'yes');
    startWatchingRisks(harness.core);
    await harness.pass(hour);
    return harness;
  },
  'known-gap': async () => {
    const harness = await closed();
    await harness.answers('no', 'unable');
    return harness;
  },
  'unseen-recovery': async () => {
    const harness = await closed();
    await harness.answers('yes', 'unable');
    return harness;
  },
  unverified: async () => {
    const harness = await closed();
    await harness.pass(20 * day);
    return harness;
  },
  elevated: () => opened((text) => text.replace('count: 20, within: 30 days', 'count: 1, within: 30 days')),
  'needs-a-person': async () => {
    const harness = new Reported();
    harness.trackers.support.always.set('create', refused('rejected', 422));
    await harness.receive(failed);
    await harness.pass(hour);
    return harness;
  },
  'closed-against-rules': async () => {
    const harness = await opened();
    await harness.close('sam');
    return harness;
  },
};

describe('of each event that can be chosen', () => {
  it.each(Object.entries(stories))('%s is told', async (event, play) => {
    const harness = await play();
    const told = harness.notices.filter((notice) => notice.event === event);
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
    for (const { responseUrl, people } of told.filter((entry) => entry.case.handle === 'C-1')) {
      expect(responseUrl).toMatch(/^https:\/\/caselite\.test\/w\/acme\/responses\/\S+$/);
      expect(people).toContain('Mette Lund');
    }
    const mails = harness.mail.to('mette@acme.example').map(({ subject, text }) => ({ subject, text }));
    expect(mails.length).toBeGreaterThan(0);
    for (const { text } of mails) expect(text).toContain('https://caselite.test/w/acme/responses/');
  });

  it('there is a story', () => {
    expect(Object.keys(stories).sort()).toEqual([...noticeEvents].sort());
  });

  afterAll(() => expect([...seen].sort()).toEqual([...noticeEvents].sort()));
});

describe('a notice', () => {
  it('of a closing comes once to whoever is named for a closing and for a changed status', async () => {
    const harness = await closed();
    const mails = harness.mail.to('mette@acme.example').map(({ subject }) => subject);
    expect(mails.filter((subject) => /closed|status/i.test(subject))).toEqual([
      'Closed · Urgent · Gold · Sam Okafor: Could not install the upgrade, C-1',
    ]);
  });

  it('of a closing comes to each person who is named for a changed status alone', async () => {
    const harness = await opened((text) => text.replace(/^ {2}closed: .*\n/m, ''));
    await harness.close();
    expect(harness.mail.to('mette@acme.example', 'Status changed')).toHaveLength(1);
  });

  it('comes again when a status comes again', async () => {
    const harness = await opened();
    for (const status of ['Pending', 'Open', 'Pending']) {
      harness.sql.transaction(() => changeStatus(harness.core, harness.case().id, status, { who: 'sam' }));
      await harness.pass(hour);
    }
    expect(harness.mail.to('mette@acme.example', 'Status changed')).toHaveLength(3);
  });

  it('reports each response that joins, and those of a strategic case in its digest', async () => {
    const harness = await opened();
    for (const token of ['r-2', 'r-3']) {
      await harness.receive({ ...failed, token });
      await harness.pass(10 * minute);
    }
    expect(harness.mail.to('mette@acme.example', 'Joined ·')).toHaveLength(2);
    // Two responses arrive together, so that one opens the case and the other joins it in the same instant.
    await harness.receive(...['a', 'b'].map((customer) => ({ token: customer, customer, ease: 1 })));
    for (const customer of ['c', 'd']) {
      await harness.pass(1);
      await harness.receive({ token: customer, customer, ease: 1 });
    }
    const joined = () =>
      harness.mail.to('mette@acme.example', ', C-2').filter(({ subject }) => /^Joined/.test(subject));
    expect(joined()).toEqual([]);
    await harness.pass(day + hour);
    const [mail, ...more] = joined();
    expect(more).toEqual([]);
    expect(mail?.text).toContain('3 more responses joined C-2; 4 customers in all now');
  });

  it('that a channel refuses is recorded in the timeline of its case', async () => {
    const harness = new Reported();
    harness.core.integrations.channel = async () => ({
      send: async () => {
        throw new IntegrationError('rejected', 'send notice', { status: 410 });
      },
    });
    await harness.receive(failed);
    await harness.pass(hour);
    expect(harness.timeline()).toContain('notice not delivered');
    expect(harness.mail.to('mette@acme.example', 'Urgent ·')).toHaveLength(1);
  });
});

describe('a storm (issue 13, item 5)', () => {
  /** The storm also elevates a strategic case, which tells of itself. */
  const isTactical = ({ subject }: { subject: string }) =>
    /^Urgent .*Could not install|opened: Upgrade not/.test(subject);

  /** Alerts of as many customers within three seconds. */
  async function storm(harness: Harness, count: number): Promise<void> {
    for (let part = 0; part < 3; part += 1) {
      const alerts = Array.from({ length: count / 3 }, (_, index) => `s-${part}-${index}`);
      await harness.receive(...alerts.map((customer) => ({ token: customer, customer, ...failed, ease: 9 })));
      await harness.pass(second);
    }
    await harness.pass(10 * minute);
  }

  it('of 999 alerts in three seconds is told once by mail and once to a channel, with counts and a link to the list', async () => {
    const harness = new Reported();
    await storm(harness, 999);
    const mails = harness.mail.to('mette@acme.example').filter(isTactical);
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Urgent · Gold · due Tue 24 Nov, 09:00 · Sam Okafor: Could not install the upgrade, C-1',
      '49 cases opened: Upgrade not installed',
    ]);
    expect(mails[1]?.text).toContain('49 cases of the template Upgrade not installed were opened, from ');
    expect(mails[1]?.text).toContain(': 49 urgent.');
    expect(mails[1]?.text).toContain('https://caselite.test/w/acme/cases');
    expect(mails[1]?.text).toContain('And 44 more');
    const told = harness.notices.filter(
      (notice) => notice.event === 'opened' && notice.case.category === 'Installation issues',
    );
    expect(told.map(({ cases }) => cases)).toEqual([undefined, 49]);
    expect(told[1]).toMatchObject({
      headline: expect.stringMatching(/^49 cases of the template Upgrade not installed were opened/),
      case: { url: 'https://caselite.test/w/acme/cases' },
      people: ['Mette Lund'],
    });
    expect(harness.mail.accepted.filter(({ to }) => to === 'dana@acme.example').length).toBeLessThan(5);
    expect(harness.responses()).toHaveLength(999);
  });

  it('goes on being told at most once in five minutes', async () => {
    const harness = new Reported();
    for (let number = 0; number < 20; number += 1) {
      await harness.receive({ token: `d-${number}`, customer: `d-${number}`, ...failed, ease: 9 });
      await harness.pass(minute);
    }
    await harness.pass(10 * minute);
    const mails = harness.mail.to('mette@acme.example').filter(isTactical);
    expect(mails.map(({ subject }) => /^(\d+) cases/.exec(subject)?.[1] ?? '1')).toEqual(['1', '4', '5', '5', '5']);
  });

  it('takes along what opens in the turn in which its rest is due', async () => {
    const harness = new Reported();
    const alert = (customer: string) => ({ token: customer, customer, ...failed, ease: 9 });
    await harness.receive(alert('t-1'), alert('t-2'));
    // Deliveries come before timers, so the third opens a case while the mail about the second is due.
    harness.now += 5 * minute;
    await harness.receive(alert('t-3'));
    await harness.pass(6 * minute);
    const mails = harness.mail.to('mette@acme.example').filter(isTactical);
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Urgent · Gold · due Tue 24 Nov, 09:00 · Sam Okafor: Could not install the upgrade, C-1',
      '2 cases opened: Upgrade not installed',
    ]);
  });

  it('leaves a case alone that comes by itself, and one of another template', async () => {
    const harness = await opened();
    await harness.receive({ token: 'w', customer: 'w', completed: true, ease: 1, wish: 'more' });
    await harness.pass(6 * minute);
    await harness.receive({ token: 'x', customer: 'x', ...failed });
    const subjects = harness.mail.to('mette@acme.example', 'Urgent · ').map(({ subject }) => subject.split(' ').at(-1));
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects.every((handle) => /^C-\d+$/.test(handle ?? ''))).toBe(true);
  });

  it('of responses to several templates is named as such in a digest', async () => {
    const harness = new Reported();
    const { templates, workspace } = harness.core.settings;
    const notified = { action: 'notice', notify: { opened: { to: ['mette'], by: ['mail'] } } };
    for (const template of templates.values()) if (template.kind === 'tactical') Object.assign(template, notified);
    Object.assign(workspace.people.mette ?? {}, { digest: '08:00' });
    await harness.receive({ ...failed, wish: 'more' });
    await harness.pass(day);
    expect(harness.mail.to('mette@acme.example').map(({ subject }) => subject)).toEqual(['News of 2 responses']);
  });

  it('of responses for which nothing opens is told once too', async () => {
    const notice = (text: string) =>
      text
        .replace(/^action: .*\n/m, '')
        .replace(/^kind: .*/m, '$&\naction: notice\nnotify: { opened: [mette] }')
        .replace(/^follow-up: .*\n/m, '');
    const harness = new Reported((text) =>
      /^when:/m.test(text) && text.includes('question: completed') ? notice(text) : text,
    );
    await storm(harness, 30);
    expect(harness.cases().filter(({ kind }) => kind === 'tactical')).toEqual([]);
    const mails = harness.mail.to('mette@acme.example', 'Upgrade not installed');
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Upgrade not installed: Installation issues',
      '29 responses matched, without a case: Upgrade not installed',
    ]);
    expect(mails[1]?.text).toContain('https://caselite.test/w/acme/responses');
  });
});

it('a person who watches the team by address too is notified once', async () => {
  const harness = new Harness();
  for (const team of Object.values(harness.core.settings.workspace.teams)) team.watchers.push('Dana@acme.example');
  await harness.receive({ completed: false });
  await harness.pass(minute);
  const opened = harness.mail.accepted.filter(({ subject }) => subject.endsWith('C-1'));
  expect(opened.map(({ to }) => to.toLowerCase()).filter((to) => to === 'dana@acme.example')).toHaveLength(1);
});
