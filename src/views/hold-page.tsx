import type { Child } from 'hono/jsx';
import type { HoldJson } from '#domain/json/settings-json.ts';
import * as ui from './kit.ts';

/** What a restored workspace holds back, and the button that releases it. */
export const HoldPage = ({ visit, hold }: { visit: ui.Visit; hold: HoldJson | null }) => (
  <ui.WorkspacePage visit={visit} title="Restored from a backup" tab={null}>
    {hold ? <Hold hold={hold} /> : <p>Nothing is held back.</p>}
  </ui.WorkspacePage>
);

function Hold({ hold }: { hold: HoldJson }) {
  const { backupAt, missing, issues, mailsFound, mails, calls, deliveries } = hold;
  return (
    <>
      <p>
        The backup is of <ui.Moment at={backupAt} />. What was made and sent since then is looked up in the trackers and
        at the mail host, so that nothing is made or sent twice. Answers of customers since then are lost.
      </p>
      <List title={`${issues.length} issues were made since the backup`}>
        {issues.map(({ key, url, case: handle, isCaseKnown }) => (
          <li>
            <a href={url}>{key}</a> for {handle}
            {!isCaseKnown && ', which opens again with its response'}
          </li>
        ))}
      </List>
      <p>
        {mailsFound === null
          ? 'The mail host lists no mail: what may have been sent is not sent again, and its outcome stays unknown.'
          : `${mailsFound} mails were sent since the backup, and are not sent again.`}
      </p>
      <List
        title={`${mails.length} mails, ${calls} changes of issues and ${deliveries} deliveries wait for the release`}
      >
        {mails.map(({ subject, kind }) => (
          <li>
            <bdi>{subject}</bdi> ({kind})
          </li>
        ))}
      </List>
      {missing.length > 0 ? (
        <p class="notice">Not everything was looked up yet: {missing.join('; ')}. Load this page again in a while.</p>
      ) : (
        <ui.Form action={`hold/release`} button="Let everything leave again" />
      )}
    </>
  );
}

const List = ({ title, children }: { title: string; children: Child[] }) => (
  <section class="card">
    <h2>{title}</h2>
    {children.length > 0 && <ul>{children}</ul>}
  </section>
);
