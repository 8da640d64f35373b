import type { AcknowledgePageData } from '#domain/json/people-json.ts';
import { Page } from './layout.tsx';

export function AcknowledgeFormPage({ page }: { page: AcknowledgePageData }) {
  const { workspaceName, handle, caseUrl, state, by } = page;
  return (
    <Page title={`Case ${handle} · ${workspaceName}`}>
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
    </Page>
  );
}
