import { AppError, basics, type Core, createRandomId, dayMs, hourMs, minuteMs, signToken, store } from '../kit.ts';
import { queueMail } from '../mail/send-mail.ts';

const requestedLinkValidMs = 15 * minuteMs;
const invitationValidMs = dayMs;
const handedLinkValidMs = 12 * hourMs;
/** Links older than this count for no limit. */
const linkKeptMs = dayMs;
/** Anybody may ask for a mail on the sign-in page, so its mails are limited within a quarter of an hour and a day. */
const mostRequested = { byPersonInQuarterHour: 3, byPersonInDay: 10, inQuarterHour: 60 };

const findHomePath = (core: Core): string => `/w/${core.workspace}`;

/** The wanted page, where it is one of this workspace; its home page otherwise. */
export function choosePath(core: Core, wanted: string): string {
  const home = findHomePath(core);
  const isOwn = /^\/w\/[!-~]{1,500}$/.test(wanted) && !/[\\]|\/\//.test(wanted);
  return isOwn && (wanted === home || [`${home}/`, `${home}?`].some((start) => wanted.startsWith(start)))
    ? wanted
    : home;
}

type NewLink = Pick<store.SignInLink, 'person' | 'requested' | 'path'>;

function storeLink(core: Core, link: NewLink, validMs: number) {
  const id = createRandomId(core.random, 'l');
  const at = core.clock.now();
  const expiresAt = at + validMs;
  store.insertSignInLink(core.sql, { ...link, id, at, expiresAt }, at - linkKeptMs);
  const url = `${core.publicUrl}/sign-in/${signToken(core.keys, 'sign-in', core.workspace, id)}`;
  return { id, url, expiresAt };
}

/** Mails a link to everybody with this address; an unknown one and a reached limit look the same. */
export function requestSignInLink(core: Core, email: string, wanted: string): void {
  const now = core.clock.now();
  const people = basics.listPeopleByAddress(core, email);
  if (people.length === 0)
    basics.audit(core, { who: 'somebody', what: 'sign-in refused', details: 'unknown address' }, false);
  for (const person of people) {
    const isLimited =
      store.countRequestedLinks(core.sql, now - requestedLinkValidMs, person) >= mostRequested.byPersonInQuarterHour ||
      store.countRequestedLinks(core.sql, now - dayMs, person) >= mostRequested.byPersonInDay ||
      store.countRequestedLinks(core.sql, now - requestedLinkValidMs, null) >= mostRequested.inQuarterHour;
    if (isLimited) {
      core.log.info('sign-in-mail-limited', { person });
      basics.audit(core, { who: 'somebody', what: 'sign-in refused', about: person, details: 'too many links' }, false);
      continue;
    }
    const link = { person, requested: true, path: choosePath(core, wanted) };
    mailLink(core, link, requestedLinkValidMs, {
      paragraphs: ['Somebody asked for a link that signs you in to Caselite.'],
      footer: ['You did not ask for it? Then ignore this mail: nobody is signed in without the link.'],
    });
  }
}

/** Mails a person a link, as an invitation by a case manager. It never waits for quiet hours. */
export function mailSignInLink(core: Core, person: string, who: string): void {
  const { name } = core.settings.workspace;
  basics.demandKnownPerson(core, person);
  const inviter = basics.findPerson(core, who)?.name ?? name;
  mailLink(core, { person, requested: false, path: findHomePath(core) }, invitationValidMs, {
    paragraphs: [`${inviter} invites you to Caselite, where ${name} follows up on the answers of its customers.`],
    footer: ['Later, ask for a new link on the sign-in page with this e-mail address.'],
  });
}

/** A link for a program, which passes it to the person; InvalidInputError for somebody unknown. */
export function createSignInLink(core: Core, person: string, wanted = ''): { url: string } {
  basics.demandKnownPerson(core, person);
  return { url: storeLink(core, { person, requested: false, path: choosePath(core, wanted) }, handedLinkValidMs).url };
}

function mailLink(core: Core, link: NewLink, validMs: number, texts: { paragraphs: string[]; footer: string[] }): void {
  const { name, 'time-zone': zone } = core.settings.workspace;
  const { person } = link;
  const { id, url, expiresAt } = storeLink(core, link, validMs);
  const greeting = `Hello ${basics.findPersonName(core, person)},`;
  const limit = `The link works once, until ${basics.formatTime(core, expiresAt)} (${zone}). Please do not share it.`;
  queueMail(core, {
    once: [id],
    kind: 'sign-in',
    person,
    address: basics.findPerson(core, person)?.email ?? '',
    subject: `Sign in to ${name}`,
    content: { ...texts, paragraphs: [greeting, ...texts.paragraphs, limit], button: { label: 'Sign in', url } },
  });
}

/** Page of a link that is unused and valid. Reading it uses nothing up. */
export function buildSignInPage(core: Core, id: string): { workspaceName: string; personName: string } {
  const { person } = demandLink(core, id);
  return { workspaceName: core.settings.workspace.name, personName: basics.findPersonName(core, person) ?? person };
}

/** @throws AppError for a link that was used, has expired, or is of somebody who left the workspace file */
export function demandLink(core: Core, id: string): store.SignInLink {
  const link = store.signInLinks.find(core.sql, { id, usedAt: null });
  if (link && link.expiresAt > core.clock.now() && basics.findPerson(core, link.person)) return link;
  throw new AppError('not-found', 'This link does not work any more.');
}

/** Audits the use of a link that does not work any more. */
export function auditDeadLink(core: Core, id: string): void {
  const who = store.signInLinks.find(core.sql, { id })?.person ?? 'somebody';
  basics.audit(core, { who, what: 'sign-in refused', details: 'dead link' }, false);
}
