import type { Page } from '#domain/base/page.ts';
import type { AuditLineJson } from '#domain/json/settings-json.ts';
import * as ui from './kit.ts';

/** The audit log, newest first. */
export const AuditPage = ({ visit, log }: { visit: ui.Visit; log: Page<AuditLineJson> }) => (
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
        rows={log.items.map(({ at, who, what, about, details }) => [
          <ui.Moment at={at} visit={visit} />,
          <bdi>{ui.nameOf(visit, who)}</bdi>,
          what,
          [<bdi>{ui.nameOf(visit, about)}</bdi>, ' ', details && <span class="muted">{details}</span>],
        ])}
      />
    </div>
    <ui.Paging
      links={[
        ['Older', log.next && `/w/${visit.workspace}/settings/audit?before=${log.next}`],
        ['CSV', `/w/${visit.workspace}/settings/audit?format=csv`],
      ]}
    />
  </ui.WorkspacePage>
);
