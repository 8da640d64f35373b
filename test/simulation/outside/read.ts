import type { OutsideHistory, PageCase, PageFollowUp, PageResponse } from './outside-history.ts';
import { outsiders } from './outside-history.ts';

/*
 * The second checker's own reading of titles, markers, links and mails. It shares nothing with Caselite: where both
 * misread a text in the same way, nobody would notice.
 */

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export type Issue = OutsideHistory['trackers'][string]['issues'][number] & { tracker: string };
export type Mail = OutsideHistory['mails'][number];

/** What is looked up again and again. */
export interface Seen extends OutsideHistory {
  caseById: Map<string, PageCase>;
  caseByHandle: Map<string, PageCase>;
  responseById: Map<string, PageResponse>;
  followUpById: Map<string, PageFollowUp>;
  issues: Issue[];
  /** Issues by our account. */
  ownIssues: Issue[];
  /** Addresses of customers, and of those who claim to be one. */
  customers: Set<string>;
}

/** Reads a history once for all rules. */
export function readHistory(history: OutsideHistory): Seen {
  const { cases, responses } = history.pages;
  const issues = Object.entries(history.trackers).flatMap(([tracker, { issues: all }]) =>
    all.map((issue) => ({ ...issue, tracker })),
  );
  const byAccount = ({ tracker, author }: Issue) =>
    !(history.trackers[tracker]?.people ?? []).includes(author) && !outsiders.includes(author);
  return {
    ...history,
    caseById: new Map(cases.map((each) => [each.id, each])),
    caseByHandle: new Map(cases.map((each) => [each.handle, each])),
    responseById: new Map(responses.map((each) => [each.id, each])),
    followUpById: new Map(cases.flatMap(({ followUps }) => followUps).map((each) => [each.id, each])),
    issues,
    ownIssues: issues.filter(byAccount),
    customers: new Set([
      ...history.sent.map(({ customer }) => customer.email),
      ...history.toolResponses.map(({ email }) => email),
    ]),
  };
}

/** Handle of the case at the end of a title; null for a step of a plan, which has two numbers. */
export const handleIn = (title: string): string | null => / · (C-\d+)$/.exec(title.trim())?.[1] ?? null;

/** Markers in a text, as the tracker shows it to programs; a later issue of a case has a number in its marker. */
export const markersIn = (text: string): { marker: string; handle: string; mac: string }[] =>
  [...text.matchAll(/\b\d\.(C-\d+(?:-\d+)?)(?:\.\d+)?\.([0-9a-f]{24,})/g)].map(([marker, handle = '', mac = '']) => ({
    marker,
    handle,
    mac,
  }));

/** Id of the follow-up, re-survey or invitation whose answer a mail asks for. */
export const askIn = ({ text }: Mail): string | null => /\/s\/[^/.\s]+\.([^/.\s]+)\./.exec(text)?.[1] ?? null;

/** Case behind the address to which a customer may reply. */
export const caseOfMail = ({ replyTo }: Pick<Mail, 'replyTo'>): string | null => {
  const number = /\.c(\d+)\./.exec(replyTo ?? '')?.[1];
  return number === undefined ? null : `C-${number}`;
};

export const isToTeam = ({ to }: Pick<Mail, 'to'>): boolean => to.endsWith('@acme.example');

/** Day of the week (0 for Sunday) and minutes after midnight in Berlin. */
export function berlin(at: number): { weekday: number; minutes: number; date: string } {
  const month = new Date(at).getUTCMonth();
  // The runs lie in winter, but a due date may not.
  const local = new Date(at + (month > 2 && month < 9 ? 2 : 1) * hourMs);
  return {
    weekday: local.getUTCDay(),
    minutes: local.getUTCHours() * 60 + local.getUTCMinutes(),
    date: local.toISOString().slice(0, 10),
  };
}

export const timeOf = (iso: string): number => Date.parse(iso);

/** Entries of a case's timeline whose name starts so. */
export const entriesOf = ({ timeline }: PageCase, name: string) =>
  timeline.filter(({ what }) => what === name || what.startsWith(`${name} `) || what.startsWith(`${name}:`));

export const hasEntry = (each: PageCase, name: string): boolean => entriesOf(each, name).length > 0;

/** Whether the customer of a case was erased. */
export const isErased = (each: PageCase): boolean =>
  each.customer.key?.startsWith('erased-') === true || hasEntry(each, 'customer erased');
