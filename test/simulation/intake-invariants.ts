import { deriveResponseId } from '#domain/base/key.ts';
import { leaver, type SentResponse } from './actors.ts';
import type { History } from './history.ts';

export const intakeInvariants = { nothingAckedIsLost, sentIsStored, importedIsStoredOnce };

function nothingAckedIsLost(history: History): string[] {
  const { sql, sent } = history;
  return sent
    .filter(({ acked }) => acked)
    .flatMap((response) => {
      const id = deriveResponseId(history.keys, ...placeOf(response), response.token);
      const [row] = sql.all<{ decisions: string }>('SELECT decisions FROM responses WHERE id = ?', id);
      if (!row && response.customer === leaver && wasErasedUnread(history)) return [];
      if (!row) return [`acked response ${response.token} is not stored`];
      const opened = sql.all('SELECT case_id FROM case_responses WHERE response_id = ?', id).length;
      const wanted = [!response.completed, response.ease <= 5, response.wish !== null].filter(Boolean).length;
      return opened + droppedOf(history, id) === wanted
        ? []
        : [`response ${response.token} stands behind ${opened} cases instead of ${wanted}`];
    });
}

/** Source and form of a response. */
const placeOf = ({ byMail }: SentResponse): [string, string] =>
  byMail ? ['alerts', 'default'] : ['upgrade-survey', 'upgrade'];

/** Matches of a response that a case manager dropped. */
const droppedOf = ({ sql }: History, responseId: string): number =>
  sql.all("SELECT 1 FROM held_matches WHERE response_id = ? AND state = 'dropped'", responseId).length;

/** A customer who was erased before a delivery was read has no response from that delivery. */
const wasErasedUnread = ({ sql }: History): boolean =>
  sql.all("SELECT 1 FROM deliveries WHERE error = 'its customer was erased'").length > 0;

/** Every response of the survey tool is stored in its newest state, delivered or not. */
function sentIsStored(history: History): string[] {
  const { sql } = history;
  // A form without any delivery is unknown to the workspace.
  const [known] = sql.all("SELECT form FROM forms WHERE source = 'tool'");
  if (!known) return [];
  const [first] = sql.all<{ at: number }>("SELECT MIN(received_at) AS at FROM deliveries WHERE source = 'tool'");
  return history.toolResponses.flatMap(({ id, form, revision, changedAt, answers, partial }) => {
    if (changedAt < (first?.at ?? 0) - 3_600_000) return [];
    const key = deriveResponseId(history.keys, 'tool', form, id);
    const [row] = sql.all<{ revision: number; decided_revision: number | null; content: string }>(
      'SELECT revision, decided_revision, content FROM responses WHERE id = ?',
      key,
    );
    // Sent again without a change, a response counts as the one that is stored.
    if (!row || (row.revision !== revision && !holds(row.content, answers, partial)))
      return [`${id} is at revision ${revision} in the survey tool, and at ${row?.revision} here`];
    if (row.decided_revision !== row.revision) return [`${id} was not judged in its newest state`];
    const opened = sql.all('SELECT case_id FROM case_responses WHERE response_id = ?', key).length;
    const isUnhappy = answers.completed === false && !partial;
    return isUnhappy && opened + droppedOf(history, key) === 0 ? [`${id} stands behind no case`] : [];
  });
}

/** Whether a stored response has exactly these answers. */
function holds(content: string, answers: Record<string, unknown>, partial: boolean): boolean {
  const stored = JSON.parse(content) as { partial: boolean; answers: { question: { id: string }; value: unknown }[] };
  const given = Object.entries(answers);
  return (
    stored.partial === partial &&
    stored.answers.length === given.length &&
    given.every(([id, value]) => stored.answers.some((answer) => answer.question.id === id && answer.value === value))
  );
}

/** Every row of an accepted file is stored exactly once, however often the file was imported. */
function importedIsStoredOnce({ sql, keys, imported }: History): string[] {
  return imported
    .filter(({ acked }) => acked)
    .flatMap(({ id }) => {
      const key = deriveResponseId(keys, 'export', 'default', id);
      if (sql.all('SELECT 1 FROM responses WHERE id = ?', key).length === 0) return [`imported ${id} is not stored`];
      const taken = sql.all("SELECT 1 FROM deliveries WHERE response_id = ? AND outcome = 'stored'", key);
      return taken.length === 1 ? [] : [`imported ${id} was taken in ${taken.length} times`];
    });
}
