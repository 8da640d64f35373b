import { afterAll, describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Notice } from '#domain/integrations/notifier.ts';
import { noticeEvents } from '#domain/settings/notice-event.ts';
import { changeStatus } from '#src/workspace/cases/change-status.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
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
        this.notices.push(notice);
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
    expect(mails.filter((subject) => /closed|status/.test(subject))).toEqual(['C-1 closed: Installation issues']);
  });

  it('of a closing comes to each person who is named for a changed status alone', async () => {
    const harness = await opened((text) => text.replace(/^ {2}closed: .*\n/m, ''));
    await harness.close();
    expect(harness.mail.to('mette@acme.example', 'status changed')).toHaveLength(1);
  });

  it('comes again when a status comes again', async () => {
    const harness = await opened();
    for (const status of ['Pending', 'Open', 'Pending']) {
      harness.sql.transaction(() => changeStatus(harness.core, harness.case().id, status, { who: 'sam' }));
      await harness.pass(hour);
    }
    expect(harness.mail.to('mette@acme.example', 'status changed')).toHaveLength(3);
  });

  it('reports each response that joins, and those of a strategic case in its digest', async () => {
    const harness = await opened();
    for (const token of ['r-2', 'r-3']) await harness.receive({ ...failed, token });
    expect(harness.mail.to('mette@acme.example', 'C-1 joined')).toHaveLength(2);
    // Two responses arrive together, so that one opens the case and the other joins it in the same instant.
    await harness.receive(...['a', 'b'].map((customer) => ({ token: customer, customer, ease: 1 })));
    for (const customer of ['c', 'd']) {
      await harness.pass(1);
      await harness.receive({ token: customer, customer, ease: 1 });
    }
    expect(harness.mail.to('mette@acme.example', 'C-2 joined')).toEqual([]);
    await harness.pass(day + hour);
    const [mail, ...more] = harness.mail.to('mette@acme.example', 'C-2 joined');
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
    expect(harness.mail.to('mette@acme.example', 'C-1 opened')).toHaveLength(1);
  });
});
