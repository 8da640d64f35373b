import * as ui from './kit.ts';
import { Frame } from './message-page.tsx';

export function AcknowledgeFormPage({ page }: { page: ui.Value<'acknowledgePage'> }) {
  const { workspaceName, handle, caseUrl, state, by } = page;
  return (
    <Frame title={`Case ${handle}`} workspaceName={workspaceName}>
      {state === 'open' && (
        <form class="stack tight" method="post">
          <p>Nobody has acknowledged this case yet. Until somebody does, the next level is notified.</p>
          <button type="submit">I have it</button>
        </form>
      )}
      {state === 'acknowledged' && (
        <p>
          <strong dir="auto">{by} has it.</strong> Nobody else is notified for now. If the case stays open for long, the
          reminders go on.
        </p>
      )}
      {state === 'over' && (
        <p>There is nothing to acknowledge any more: the case was resolved, reopened or changed since.</p>
      )}
      <p>
        <a href={caseUrl}>Open the case</a> <span class="muted">(you may have to sign in)</span>
      </p>
    </Frame>
  );
}

type Props = { page: ui.Value<'contributorPage'>; text: string; problem: string | null; sent: boolean };

export const ContributorFormPage = ({ page, text, problem, sent }: Props) => (
  <Frame
    title={`Case ${page.handle}`}
    heading={[`Case ${page.handle}: `, <bdi>{page.category}</bdi>]}
    workspaceName={page.workspaceName}
  >
    <p>
      Hello <bdi>{page.name}</bdi>. {page.isOpen ? 'This case is being worked on' : 'This case is closed'}
      {page.owner && [', and ', <bdi>{page.owner}</bdi>, ' is the loop owner']}.
    </p>
    {sent && (
      <ui.Notice tone="good" isNews>
        Thank you. <bdi>{page.owner ?? page.workspaceName}</bdi> gets your comment.
      </ui.Notice>
    )}
    <ui.Facts
      facts={[
        ['Status', page.status],
        ['Severity', ui.readable(page.severity)],
        ['Due', page.due],
        ['Why it was opened', <ui.Lines lines={page.why} />],
      ]}
    />
    {page.comments.length > 0 && (
      <section class="stack" aria-labelledby="comments">
        <h2 id="comments">Your comments</h2>
        {page.comments.map((comment) => (
          <article>
            <p class="muted">{comment.at}</p>
            <ui.Words text={comment.text} />
          </article>
        ))}
      </section>
    )}
    <form class="stack tight" method="post">
      <ui.LabelledField
        id="text"
        field={ui.area('text', 'Your comment', 6, 2000, { value: text })}
        problem={problem ? { path: '', fields: {}, field: 'text', message: `Your comment ${problem}.` } : null}
      />
      <p class="muted">People of {page.workspaceName} can read it. Other contributors cannot.</p>
      <button type="submit">Send</button>
    </form>
    <p class="muted">This link is for you alone and valid until {page.until}.</p>
  </Frame>
);
