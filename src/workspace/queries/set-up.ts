import { guessRespondentFields } from '#domain/responses/guess-respondent.ts';
import { type Core, handleOf, store } from '../kit.ts';
import { readSourceDetail } from './intake.ts';
import { readTrackerStates } from './tracker-states.ts';

/** How far the set-up of a workspace is: its first source and tracker, and what came of them. */
export function readSetUp({ settings, ...core }: Core, { who }: { who: string }) {
  const { workspace, version, templates } = settings;
  const { sql } = core;
  const [tracker] = Object.values(workspace.trackers);
  const [state] = tracker ? readTrackerStates({ settings, ...core }) : [];
  const [[name, source] = []] = Object.entries(workspace.sources);
  const detail = name === undefined ? null : readSourceDetail({ settings, ...core }, name);
  const { form = '', questions = [] } = detail?.forms.find((each) => each.questions.length > 0) ?? {};
  const incoming = store.responses.page(sql, { source: name ?? '', form }, 1)[0]?.incoming ?? null;
  const hidden = [...(incoming?.hidden.keys() ?? [])].map((field) => `hidden.${field}`);
  const mapped = Object.entries(source?.respondent ?? {}).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const [mail] = store.mails.page(sql, { person: who }, 1);
  const { pausedWhy } = store.findQueue(sql, 'mail');
  const [first] = store.cases.list(sql, {}, 1);
  const place =
    tracker && Object.entries(tracker).find(([setting]) => ['repository', 'project', 'team'].includes(setting));
  return {
    version,
    tracker: tracker && state ? { ...state, kind: tracker.kind, place: String(place?.[1] ?? '') } : null,
    source: detail && source ? { ...detail, kind: source.kind } : null,
    questions,
    respondent: mapped.length > 0 || !incoming ? Object.fromEntries(mapped) : guessRespondentFields(incoming),
    fields: [
      ...new Set([...hidden, ...questions.map((question) => question.name), ...mapped.map(([, field]) => field)]),
    ],
    mail: {
      ...workspace.mail,
      lastState: pausedWhy ? 'refused' : (mail?.state ?? null),
      why: pausedWhy ?? mail?.why ?? null,
    },
    templates: Object.fromEntries([...templates].map(([key, template]) => [key, template.name])),
    firstCase: first
      ? { id: first.id, handle: handleOf(first), issue: first.issue?.url ?? null, loop: first.loop }
      : null,
  };
}
