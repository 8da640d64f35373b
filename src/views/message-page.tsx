import * as ui from './kit.ts';

type FrameProps = { title: string; language?: string; workspaceName?: string; children: ui.Child };

/** A page of one narrow card. */
export const Frame = ({ title, language, workspaceName, children }: FrameProps) => (
  <ui.Page title={title} lang={language}>
    <main class="narrow card stack">
      {workspaceName && <p class="muted">{<bdi>{workspaceName}</bdi>}</p>}
      {children}
    </main>
  </ui.Page>
);

export const MessagePage = (page: FrameProps) => (
  <Frame {...page}>
    <h1>{page.title}</h1>
    {page.children}
  </Frame>
);

export const renderErrorPage = (title: string, text: string) => (
  <MessagePage title={title}>
    <p>{text}</p>
  </MessagePage>
);

/** The answer to somebody signed in whose request failed. */
export const FailurePage = ({ visit, text }: { visit: ui.Visit; text: string }) => (
  <ui.WorkspacePage visit={{ ...visit, query: {} }} title="That did not work" tab={null}>
    <ui.Notice tone="bad">{text}</ui.Notice>
  </ui.WorkspacePage>
);
