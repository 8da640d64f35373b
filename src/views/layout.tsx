import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { findTextDirection } from '#domain/text/fixed-texts.ts';
import { PageProblem, PlainButton } from './forms.tsx';
import { News } from './news.tsx';
import { Choices, Notice } from './parts.tsx';
import { nameOf, type Visit, VisitContext } from './visit.ts';

export function Page(props: { title: string; lang?: string; hasKeys?: boolean; children: Child }) {
  const { title, lang, hasKeys = false, children } = props;
  return (
    <>
      {raw('<!DOCTYPE html>')}
      <html lang={lang ?? 'en'} dir={findTextDirection(lang ?? 'en')}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex" />
          <title>{title}</title>
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/styles.css" />
          {hasKeys && <script src="/keys.js" defer />}
        </head>
        <body>{children}</body>
      </html>
    </>
  );
}

const menu = {
  'My work': { 'My work': '' },
  Cases: { Cases: '/cases', 'Strategic cases': '/strategic' },
  Feedback: {
    Triage: '/triage',
    Responses: '/responses',
    Words: '/words',
    Deliveries: '/deliveries',
    Sources: '/sources',
    Customers: '/customers',
    'At risk': '/at-risk',
  },
  Reports: { Report: '/reports', Huddle: '/huddle', People: '/people', 'Follow-ups': '/follow-ups' },
  Settings: {
    Connections: '/settings',
    Events: '/settings/events',
    Workspace: '/settings/parts/people',
    Templates: '/templates',
    Imports: '/settings/imports',
    Versions: '/settings/versions',
    'Audit log': '/settings/audit',
    'Set up': '/set-up',
  },
};

/** What members and viewers have no work in; its addresses work for them as well. */
const tabsOfManagers = new Set(['Deliveries', 'Sources', 'Connections', 'Events', 'Workspace', 'Imports', 'Versions']);

type KeyOfUnion<Union> = Union extends unknown ? keyof Union : never;
type Tab = KeyOfUnion<(typeof menu)[keyof typeof menu]>;

interface WorkspacePageProps {
  visit: Visit;
  title: string;
  /** The tab that the page belongs to; null for none. */
  tab: Tab | null;
  heading?: Child;
  children: Child;
}

export function WorkspacePage({ visit, title, tab, heading = title, children }: WorkspacePageProps) {
  const home = `/w/${visit.workspace}`;
  const isManager = visit.access === 'admin' || visit.access === 'manager';
  const isShown = (text: string) =>
    text === 'Audit log' || text === 'Set up'
      ? visit.may.includes('audit')
      : isManager || text === tab || !tabsOfManagers.has(text);
  const sections = Object.entries<Record<string, string>>(menu)
    .map(([name, tabs]) => ({
      name,
      isChosen: tab !== null && tab in tabs,
      links: Object.entries(tabs)
        .filter(([text]) => isShown(text))
        .map(([text, path]): [string, string, boolean] => [text, home + path, text === tab]),
    }))
    .filter(({ links }) => links.length > 0);
  const tabs = sections.find(({ isChosen }) => isChosen);
  return (
    <Page title={`${visit.problem ? 'Error: ' : ''}${title} · ${visit.name}`} hasKeys>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <div class="wide row">
          <a class="brand row" href={home}>
            <img src="/icon.svg" alt="" width="28" height="28" />
            <bdi>{visit.name}</bdi>
          </a>
          <Choices
            label="Workspace"
            style="places row"
            links={sections.map(({ name, isChosen, links }) => [name, links[0]?.[1] ?? home, isChosen])}
          />
          <form class="person row" method="post" action="/sign-out">
            <a href={`${home}/account`}>
              <bdi>{nameOf(visit, visit.person)}</bdi>
            </a>
            <PlainButton>Sign out</PlainButton>
          </form>
        </div>
      </header>
      <main id="content" class="wide stack">
        {tabs && tabs.links.length > 1 && <Choices label={tabs.name} style="tabs row" links={tabs.links} />}
        {visit.isHeld && (
          <Notice tone="warn">
            This workspace was restored from a backup. Nothing leaves it until an admin{' '}
            <a href={`${home}/hold`}>reads what was found and releases it</a>.
          </Notice>
        )}
        <h1>{heading}</h1>
        {visit.problem && (
          <Notice tone="bad" isNews={visit.problem.field === null}>
            Nothing was changed. {visit.problem.message}
          </Notice>
        )}
        <VisitContext.Provider value={visit}>
          <News />
          <PageProblem.Provider value={visit.problem ?? null}>{children}</PageProblem.Provider>
        </VisitContext.Provider>
      </main>
      <footer class="wide muted">
        Times: {visit.timeZone.replaceAll('_', ' ')}.
        <details id="keys">
          <summary>Keys</summary>
          <p>j and k: down and up a list, next and previous case. a: assign. e: close. /: search. ?: this help.</p>
          <button type="button" class="plain" hidden />
        </details>
      </footer>
    </Page>
  );
}
