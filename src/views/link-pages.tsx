import type { AcknowledgePageData, ContributorPageData } from '#domain/json/people-json.ts';
import * as ui from './kit.ts';

export function AcknowledgeFormPage({ page }: { page: AcknowledgePageData }) {
  const { workspaceName, handle, caseUrl, state, by } = page;
  return (
    <ui.Page title={`Case ${handle} · ${workspaceName}`}>
      <main class="narrow card stack">
        <h1>Case {handle}</h1>
        {state === 'open' && (
          <>
            <p>Nobody has acknowledged this case yet. Until somebody does, the next level is notified.</p>
            <form method="post">
              <button type="submit">I have it</button>
            </form>
          </>
        )}
        {state === 'acknowledged' && (
          <p>
            <strong>
              <bdi>{by}</bdi> has it.
            </strong>{' '}
            Nobody else is notified for now. If the case stays open for long, the reminders go on.
          </p>
        )}
        {state === 'over' && (
          <p>There is nothing to acknowledge any more: the case was resolved, reopened or changed since.</p>
        )}
        <p>
          <a href={caseUrl}>Open the case</a> <span class="muted">(you may have to sign in)</span>
        </p>
      </main>
    </ui.Page>
  );
}

type Props = { page: ContributorPageData; text: string; problem: string | null; sent: boolean };

export const ContributorFormPage = ({ page, text, problem, sent }: Props) => (
  <ui.Page title={`Case ${page.handle} · ${page.workspaceName}`}>
    <main class="narrow card stack">
      <p class="muted">
        <bdi>{page.workspaceName}</bdi>
      </p>
      <h1>
        Case {page.handle}: <bdi>{page.category}</bdi>
      </h1>
      <p>
        Hello <bdi>{page.name}</bdi>. {page.isOpen ? 'This case is being worked on' : 'This case is closed'}
        {page.owner && (
          <>
            , and <bdi>{page.owner}</bdi> is the loop owner
          </>
        )}
        .
      </p>
      {sent && (
        <div class="notice good" role="status">
          Thank you. Your comment was sent.
        </div>
      )}
      <dl class="stack">
        <ui.Fact name="Status">{page.status}</ui.Fact>
        <ui.Fact name="Severity">{page.severity}</ui.Fact>
        <ui.Fact name="Due">{page.due}</ui.Fact>
        <ui.Fact name="Why it is open">
          <ui.Lines lines={page.why} />
        </ui.Fact>
      </dl>
      {page.comments.length > 0 && (
        <section class="stack" aria-labelledby="comments">
          <h2 id="comments">Your comments</h2>
          {page.comments.map((comment) => (
            <article>
              <p class="muted">{comment.at}</p>
              <p class="said">{comment.text}</p>
            </article>
          ))}
        </section>
      )}
      <form class="stack tight" method="post">
        <label for="text">Your comment</label>
        {problem && (
          <p class="notice bad" id="problem" role="alert">
            Your comment {problem}.
          </p>
        )}
        <textarea
          id="text"
          name="text"
          rows={6}
          required
          maxlength={2000}
          aria-describedby={problem ? 'problem' : undefined}
        >
          {text}
        </textarea>
        <p class="muted">People of {page.workspaceName} can read it. Other contributors cannot.</p>
        <button type="submit">Send</button>
      </form>
      <p class="muted">This link is for you alone and valid until {page.until}.</p>
    </main>
  </ui.Page>
);
