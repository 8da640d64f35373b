import * as ui from './kit.ts';

interface FrameProps {
  title: string;
  /** Where it says more than the title. */
  heading?: ui.Child;
  language?: string;
  workspaceName?: string;
  children: ui.Child;
}

/** A page of one narrow card. */
export const Frame = ({ title, heading = title, language, workspaceName, children }: FrameProps) => (
  <ui.Page title={workspaceName ? `${title} · ${workspaceName}` : title} lang={language}>
    <main class="narrow card stack">
      {workspaceName && <p class="muted">{<bdi>{workspaceName}</bdi>}</p>}
      <h1 dir="auto">{heading}</h1>
      {children}
    </main>
  </ui.Page>
);

type Whose = Pick<FrameProps, 'language' | 'workspaceName'>;

export const renderErrorPage = (title: string, text: string, whose: Whose = {}) => (
  <Frame title={title} {...whose}>
    <p>{text}</p>
  </Frame>
);

/** The answer to somebody signed in whose request failed. */
export const FailurePage = ({ visit, text }: { visit: ui.Visit; text: string }) => (
  <ui.WorkspacePage visit={{ ...visit, query: {} }} title="That did not work" tab={null}>
    <ui.Notice tone="bad">{text}</ui.Notice>
  </ui.WorkspacePage>
);
