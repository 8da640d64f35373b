import type { OutsideHistory, PageCase, PageResponse } from './outside-history.ts';
import { dayMs, hourMs } from './read.ts';

/** Monday, nine in the morning in Berlin. */
export const begin = Date.UTC(2026, 10, 23, 8);
const iso = (hours: number) => new Date(begin + hours * hourMs).toISOString();
const dana = '5b10ac8d82e05b22cc7d4ef1';
const mac = (digit: string) => digit.repeat(32);

const customer = (number: number, tier: string) => ({
  key: `canary-key-${number}`,
  email: `canary-${number}@customer.example`,
  name: `Canaryname${number}`,
  words: `canarywords${number}`,
  tier,
});

const caseOf = (number: number, changes: Partial<PageCase>): PageCase => ({
  id: `c_${number}`,
  handle: `C-${number}`,
  template: 'upgrade-not-installed',
  kind: 'tactical',
  severity: 'urgent',
  loop: 'working',
  openedAt: iso(0),
  dueAt: iso(24),
  pausedAt: null,
  resolvedAt: null,
  closingReason: null,
  generation: 1,
  needsPerson: null,
  customer: { key: `canary-key-${number}`, tier: 'gold' },
  issue: null,
  responses: [`resp-${number}`],
  repeats: null,
  waitsFor: null,
  sending: [],
  refused: [],
  ladder: { acknowledgedAt: null, snoozedUntil: null },
  plan: [],
  followUps: [],
  timeline: [{ at: iso(0), what: 'opened', who: 'Caselite', why: '', evidence: null }],
  ...changes,
});

const pageIssue = (tracker: string, key: string, state: string) => ({
  tracker,
  key,
  state,
  missing: [],
  trouble: null,
});

const issueOf = (key: string, title: string, digit: string, changes: Partial<Shown> = {}): Shown => ({
  id: key,
  key,
  url: `https://tracker.test/${key}`,
  title,
  author: 'caselite',
  body: `Words of ours. 1.${/C-[\d-]+$/.exec(title)?.[0]}.${mac(digit)}`,
  state: 'open',
  reason: null,
  labels: ['severity:urgent'],
  assignee: null,
  dueDate: '2026-11-24',
  priority: null,
  comments: [],
  ...changes,
});
type Shown = OutsideHistory['trackers'][string]['issues'][number];

const responseOf = (number: number, wish: string | null, completed: boolean): PageResponse => ({
  id: `resp-${number}`,
  source: 'upgrade-survey',
  submittedAt: iso(0),
  partial: false,
  customer: { key: `canary-key-${number}`, email: `canary-${number}@customer.example` },
  answers: [
    { alias: 'completed', value: completed },
    { alias: 'ease', value: 8 },
    ...(wish === null ? [] : [{ alias: 'wish', value: wish }]),
  ],
  decisions: [],
});

const mailOf = (changes: Partial<OutsideHistory['mails'][number]>): OutsideHistory['mails'][number] => ({
  id: `mail-${changes.subject}`,
  key: `m-${changes.subject}`,
  to: 'dana@acme.example',
  replyTo: null,
  subject: '',
  text: '',
  html: '',
  headers: {},
  at: begin,
  ...changes,
});

/** Mail of the first case's question. */
export const question = mailOf({
  to: 'canary-1@customer.example',
  replyTo: 'acme.c1.0000@in.acme.example',
  subject: 'Did we solve it for you?',
  text: 'Tell us: http://caselite.test/s/acme.f_1.abc No more: http://caselite.test/u/acme.f_1.def',
  at: begin + 7 * hourMs,
});

/** A run as people outside saw it: C-1 was solved and its customer said so, C-2 is a wish, C-3 is overdue. */
export function createHealthy(): OutsideHistory {
  const sent = [
    { token: 'r-1', customer: customer(1, 'gold'), completed: false, ease: 8, wish: null, acked: true },
    { token: 'r-2', customer: customer(2, 'silver'), completed: true, ease: 8, wish: 'a wish', acked: true },
    { token: 'r-3', customer: customer(3, 'gold'), completed: false, ease: 8, wish: null, acked: true },
  ];
  const [first, second, third] = ['C-1', 'C-2', 'C-3'].map((handle) => `Could not install the upgrade · ${handle}`);
  const support = [
    issueOf('SUP-1', first ?? '', '1', { state: 'closed', reason: 'Done' }),
    issueOf('SUP-2', third ?? '', '3', {
      comments: [
        { author: 'caselite', text: 'C-3 has been overdue since Tue 24 Nov, 09:00.', at: iso(24) },
        { author: 'caselite', text: 'C-3 is still open, overdue since Tue 24 Nov, 09:00.', at: iso(32) },
      ],
    }),
    issueOf('SUP-3', 'A step · C-3-1', '4', { dueDate: null }),
    issueOf('SUP-9', 'A person’s own', '', { author: dana, body: 'Words of a person.' }),
  ];
  const growth = [issueOf('GRO-1', second ?? '', '2', { dueDate: '2026-12-23', labels: ['severity:low'] })];
  const delivered = (hours: number, token: string, id: string) => ({
    at: begin + hours * hourMs,
    what: 'delivered' as const,
    source: 'upgrade-survey',
    token,
    ids: [id],
  });
  const delivery = (id: string, response: string, source = 'upgrade-survey') => {
    return { id, source, outcome: 'stored', response, receivedAt: iso(0) };
  };
  const cases = [
    caseOf(1, {
      loop: 'confirmed',
      closingReason: 'fixed',
      resolvedAt: iso(5),
      issue: pageIssue('support', 'SUP-1', 'closed'),
      followUps: [
        {
          id: 'f_1',
          customer: 'canary-key-1',
          kind: 'customer',
          state: 'answered',
          generation: 1,
          why: 'asked 2 hours after the closing',
          dueAt: iso(7),
          sentAt: iso(7),
          answers: { resolved: 'yes' },
        },
      ],
    }),
    caseOf(2, {
      template: 'product-wish',
      severity: 'low',
      dueAt: new Date(begin + 30 * dayMs).toISOString(),
      customer: { key: 'canary-key-2', tier: 'silver' },
      issue: pageIssue('growth', 'GRO-1', 'open'),
    }),
    caseOf(3, {
      issue: pageIssue('support', 'SUP-2', 'open'),
      plan: [{ position: 1, doneAt: null, form: 'sub-issue', issue: { key: 'SUP-3', state: 'open' } }],
    }),
  ];
  const tool = { form: 'upgrade', revision: 1, submittedAt: begin, changedAt: begin, partial: false };
  const toolAnswers = { completed: true, ease: 9 };
  const rest = { customer: { key: 'canary-key-2', email: 'canary-2@customer.example' }, decisions: [] };
  return {
    now: begin + 3 * dayMs,
    diary: [
      delivered(0, 'r-1', 'd-1'),
      delivered(0.1, 'r-1', 'd-2'),
      delivered(0, 'r-2', 'd-3'),
      delivered(0, 'r-3', 'd-4'),
      {
        at: begin + 4 * hourMs,
        what: 'tracked',
        tracker: 'support',
        act: 'close',
        key: 'SUP-1',
        as: dana,
        detail: 'completed',
      },
      { at: begin + 8 * hourMs, what: 'answered', mail: question.id, ask: 'f_1', answer: 'yes', isTaken: true },
    ],
    pages: {
      cases,
      responses: [
        responseOf(1, null, false),
        responseOf(2, 'a wish', true),
        responseOf(3, null, false),
        {
          ...rest,
          id: 'resp-tool',
          source: 'tool',
          submittedAt: iso(0),
          partial: false,
          answers: Object.entries(toolAnswers).map(([alias, value]) => ({ alias, value })),
        },
        { ...rest, id: 'resp-row', source: 'export', submittedAt: iso(0), partial: false, answers: [] },
      ],
      mails: [],
      deliveries: [
        delivery('d-1', 'resp-1'),
        delivery('d-2', 'resp-1'),
        delivery('d-3', 'resp-2'),
        delivery('d-4', 'resp-3'),
        delivery('d-tool', 'resp-tool', 'tool'),
      ],
    },
    isPoisoned: false,
    trackers: {
      support: { people: [dana], issues: support },
      product: { people: [], issues: [] },
      growth: { people: [], issues: growth },
    },
    trackerText: [...support, ...growth].map(({ body }) => body).join('\n'),
    mails: [
      mailOf({ to: 'canary-1@customer.example', subject: 'Acme: We have your feedback', at: begin + 60_000 }),
      mailOf({ subject: 'Urgent · Gold · due now · yours: Could not install the upgrade, C-1', at: begin + 1000 }),
      mailOf({ subject: 'Due soon · Urgent · yours: Could not install the upgrade, C-3', at: begin + 4 * hourMs }),
      mailOf({
        subject: 'Replied · Urgent · yours: Could not install the upgrade, C-1',
        text: 'C-1: the customer replied. “reply number 0, the end”',
        at: begin + 9 * hourMs,
      }),
      mailOf({ subject: 'Huddle 2026-11-24', at: begin + hourMs }),
      { ...question },
    ],
    sent,
    imported: [{ id: 'row-0', line: `row-0,${iso(0)},canary-key-2,9`, acked: true }],
    toolResponses: [
      { ...tool, id: 'tool-0', customer: 'canary-key-2', email: 'canary-2@customer.example', answers: toolAnswers },
    ],
    replies: [
      { text: 'reply number 0, the end', mailbox: 'acme.c1.0000@in.acme.example', kind: 'reply', acked: true },
      { text: 'reply number 1, the end', mailbox: '', kind: 'automatic-reply', acked: true },
    ],
    optOuts: new Map(),
    dead: new Map(),
    shipped: [],
    closedFromPage: new Set(),
    shippedFromPage: new Set(),
    absent: [],
    broughtBack: [],
    copies: [],
    log: [],
    complaints: [],
  };
}
