import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { directionOf } from '#domain/text/fixed-texts.ts';
import { nameOf, type Visit } from './visit.ts';

export function Page({ title, lang, children }: { title: string; lang?: string; children: Child }) {
  return (
    <>
      {raw('<!DOCTYPE html>')}
      <html lang={lang ?? 'en'} dir={directionOf(lang ?? 'en')}>
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

const places = [
  { name: 'Cases', path: '' },
  { name: 'Responses', path: '/responses' },
  { name: 'Follow-ups', path: '/follow-ups' },
  { name: 'Customers', path: '/customers' },
  { name: 'People', path: '/people' },
  { name: 'Reports', path: '/reports' },
  { name: 'Templates', path: '/templates' },
  { name: 'Sources', path: '/sources' },
  { name: 'Deliveries', path: '/deliveries' },
  { name: 'Settings', path: '/settings' },
] as const;

type Place = (typeof places)[number]['name'];

export function WorkspacePage(props: { visit: Visit; title: string; place: Place; children: Child }) {
  const { visit, title, place, children } = props;
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
            {places.map(({ name, path }) => (
              <a href={`${home}${path}`} aria-current={name === place ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <form class="person row" method="post" action="/sign-out">
            <bdi>{nameOf(visit, visit.person)}</bdi>
            <button class="plain" type="submit">
              Sign out
            </button>
          </form>
        </div>
      </header>
      <main id="content" class="wide stack">
        {children}
      </main>
      <footer class="wide muted">Times: {visit.timeZone.replaceAll('_', ' ')}.</footer>
    </Page>
  );
}
