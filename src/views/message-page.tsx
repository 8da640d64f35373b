import type { Child } from 'hono/jsx';
import { Page, WorkspacePage } from './layout.tsx';
import type { Visit } from './visit.ts';

export function MessagePage({ title, children }: { title: string; children: Child }) {
  return (
    <Page title={title}>
      <main class="narrow card stack">
        <h1>{title}</h1>
        {children}
      </main>
    </Page>
  );
}

/** Introduction to Caselite at its bare address. Names no workspace. */
export function HomePage() {
  return (
    <Page title="Caselite">
      <main class="narrow card stack">
        <h1 class="brand row">
          <img src="/icon.svg" alt="" width="36" height="36" />
          Caselite
        </h1>
        <p>
          Unhappy survey responses become cases. Cases become issues in your issue tracker. A closed issue is only a
          claim, until the customer and the person who closed it were both asked.
        </p>
        <h2>Sign-in</h2>
        <p>
          Open the sign-in link that your case manager sent you. A link to a survey in a mail works without signing in.
        </p>
      </main>
    </Page>
  );
}

/** Page for people without a session, whether or not the workspace exists. */
export function SignInAdvicePage({ title }: { title: string }) {
  return (
    <MessagePage title={title}>
      <p>
        This page is for people of the workspace. Ask a case manager for a new sign-in link, open it in this browser,
        and then come back to this address. A session lasts 12 hours.
      </p>
    </MessagePage>
  );
}

export const renderErrorPage = (title: string, text: string) => (
  <MessagePage title={title}>
    <p>{text}</p>
  </MessagePage>
);

/** The answer to somebody signed in whose request failed. */
export const FailurePage = ({ visit, text }: { visit: Visit; text: string }) => (
  <WorkspacePage visit={visit} title="That did not work" tab={null}>
    <p class="notice bad" role="alert">
      {text}
    </p>
  </WorkspacePage>
);
