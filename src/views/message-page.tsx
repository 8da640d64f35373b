import type { Child } from 'hono/jsx';
import * as ui from './kit.ts';

export const MessagePage = ({ title, children }: { title: string; children: Child }) => (
  <ui.Page title={title}>
    <main class="narrow card stack">
      <h1>{title}</h1>
      {children}
    </main>
  </ui.Page>
);

export const renderErrorPage = (title: string, text: string) => (
  <MessagePage title={title}>
    <p>{text}</p>
  </MessagePage>
);

/** The answer to somebody signed in whose request failed. */
export const FailurePage = ({ visit, text }: { visit: ui.Visit; text: string }) => (
  <ui.WorkspacePage visit={visit} title="That did not work" tab={null}>
    <ui.Notice tone="bad">{text}</ui.Notice>
  </ui.WorkspacePage>
);
