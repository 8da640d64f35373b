import { createIssueMarker, deriveUuid } from '#domain/base/key.ts';
import { basics, type Core, createRandomId, IntegrationError, minuteMs, type port, store } from '../kit.ts';

const shownForMs = 10 * minuteMs;

/** The tracker of a call that a change of the settings may have left behind. */
export async function findTracker({ integrations }: Core, name: string): Promise<port.Tracker> {
  if (integrations.vendor(name)) return integrations.tracker(name);
  throw new IntegrationError('rejected', 'find tracker', { detail: 'the workspace file no longer names it' });
}

/** Makes an issue that says it is a test, and removes it later; while one is under way, its next call goes now. */
export function makeTestIssue(core: Core, tracker: string, { who }: { who: string }): { tracker: string } {
  const { sql, settings, publicUrl, workspace } = core;
  if (!core.integrations.vendor(tracker)) basics.refuseField('tracker', `is not in the workspace file: ${tracker}`);
  const at = core.clock.now();
  const orderingKey = `test:${tracker}`;
  store.hastenRows(sql, orderingKey, tracker, at);
  if (store.listOpenRows(sql, orderingKey).length > 0) return { tracker };
  const id = createRandomId(core.random, 'o');
  const options = [...settings.templates.values()].find((template) => template.tracker === tracker)?.issue;
  const payload: store.Payload<'issue.test'> = {
    marker: createIssueMarker(core.keys, workspace, `T-${id}`),
    uuid: deriveUuid(core.keys, 'test-uuid.1', workspace, id),
    title: 'Test issue of Caselite',
    body: 'This issue shows that Caselite can make issues here. Nobody has to do anything: Caselite removes it.',
    labels: [],
    severity: { name: 'normal', rank: 3 },
    dueDate: null,
    assignee: null,
    link: { url: `${publicUrl}/w/${workspace}/settings`, title: 'Connections' },
    ...(options && { options }),
  };
  store.addToOutbox(sql, { key: `test:${id}`, queue: tracker, orderingKey, kind: 'issue.test', payload, at });
  basics.audit(core, { who, what: 'test issue asked for', about: tracker });
  return { tracker };
}

/** Records, in the transaction that ends the create, that a test issue is to be removed. */
export function queueTestIssueEnd({ sql, clock }: Core, queue: string, payload: store.Payload<'issue.test-end'>): void {
  const [at, key, orderingKey] = [clock.now(), `test-end:${queue}:${payload.id}`, `test:${queue}`];
  store.addToOutbox(sql, { key, queue, orderingKey, kind: 'issue.test-end', payload, at, dueAt: at + shownForMs });
}

/** What became of the last test issue of a tracker, in words; null before the first. */
export function readTestIssue(core: Core, tracker: string): port.TestIssue | null {
  const stored = store.findLastRow(core.sql, `test:${tracker}`);
  const row = stored && store.readOutboxRow(stored);
  if (!row) return null;
  const why = row.error ? `: ${row.error}` : '';
  const again = 'Make a test issue';
  if (row.kind !== 'issue.test-end')
    return row.state === 'refused'
      ? { says: `No test issue could be made${why}.`, issue: null, next: again }
      : {
          says: `A test issue is being made${why}. Look again in a moment.`,
          issue: null,
          next: why && 'Try again now',
        };
  const { key, url } = row.payload;
  const ended = {
    done: 'A test issue was made as a case’s is, and removed.',
    refused: `The test issue could not be removed${why}. Remove it there.`,
  }[row.state as string];
  const until = basics.formatTime(core, row.dueAt);
  const says = ended ?? `A test issue was made as a case’s is. It is removed on ${until}${why}.`;
  return { says, issue: { key, url }, next: ended ? again : 'Remove it now' };
}
