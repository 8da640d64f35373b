import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { findTextDirection } from '#domain/text/fixed-texts.ts';
import { PlainButton } from './forms.tsx';
import { nameOf, type Visit } from './visit.ts';

export function Page({ title, lang, children }: { title: string; lang?: string; children: Child }) {
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
        </head>
        <body>{children}</body>
      </html>
    </>
  );
}

const places = {
  Cases: '',
  Responses: '/responses',
  'Follow-ups': '/follow-ups',
  Customers: '/customers',
  People: '/people',
  Reports: '/reports',
  Templates: '/templates',
  Sources: '/sources',
  Deliveries: '/deliveries',
  Settings: '/settings',
};

type Place = keyof typeof places;

interface WorkspacePageProps {
  visit: Visit;
  title: string;
  /** The list that the page belongs to. */
  place: Place;
  /** Name of the link back to that list, on a page below it. */
  back?: string;
  heading?: Child;
  children: Child;
}

export function WorkspacePage({ visit, title, place, back, heading = title, children }: WorkspacePageProps) {
  const home = `/w/${visit.workspace}`;
  return (
    <Page title={`${title} · ${visit.name}`}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <div class="wide row">
          <a class="brand row" href={home}>
            <img src="/icon.svg" alt="" width="28" height="28" />
            <bdi>{visit.name}</bdi>
          </a>
          <nav class="places row" aria-label="Workspace">
            {Object.entries(places).map(([name, path]) => (
              <a href={`${home}${path}`} aria-current={name === place ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <form class="person row" method="post" action="/sign-out">
            <bdi>{nameOf(visit, visit.person)}</bdi>
            <PlainButton>Sign out</PlainButton>
          </form>
        </div>
      </header>
      <main id="content" class="wide stack">
        {back && (
          <p>
            <a href={home + places[place]}>{back}</a>
          </p>
        )}
        <h1>{heading}</h1>
        {children}
      </main>
      <footer class="wide muted">Times: {visit.timeZone.replaceAll('_', ' ')}.</footer>
    </Page>
  );
}
