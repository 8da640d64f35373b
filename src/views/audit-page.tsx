import type { AuditLineJson } from '#domain/json/settings-json.ts';
import * as ui from './kit.ts';

/** The audit log, newest first. */
export const AuditPage = ({ visit, list }: { visit: ui.Visit; list: ui.Listed<AuditLineJson> }) => (
  <ui.WorkspacePage visit={visit} title="Audit log" tab="Audit log">
    <p class="muted">
      Sign-ins, personal data, tokens, roles and settings. Customers stand here under pseudonyms; views that are
      repeated within 15 minutes share a line. No line is ever changed or removed.
    </p>
    <div class="card">
      <ui.Table
        name="Audit log"
        style="people-table"
        columns={['When', 'Who', 'What', 'About']}
        head={2}
        rows={list.items.map(({ at, who, what, about, details }) => [
          <ui.Moment at={at} />,
          <ui.Person who={who} />,
          what,
          [<ui.Person who={about} />, ' ', details && <span class="muted">{details}</span>],
        ])}
      />
    </div>
    <ui.Pages list={list} />
  </ui.WorkspacePage>
);
