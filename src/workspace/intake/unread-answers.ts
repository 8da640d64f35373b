import { memoize } from '#domain/base/memoize.ts';
import { type Core, feedback, type port, type Settings, store } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { isDescriptionAwaited } from './source-calls.ts';

/**
 * What of a response the awaited description of its form may still change for the templates of its source; else null:
 * - `choices`: a needed answer holds ids of choices, and would certainly be misread
 * - `names`: a needed answer is missing, and may be there under a name that only the description has
 */
export function findUnreadPart(core: Core, source: string, incoming: port.IncomingResponse, hasNewQuestions: boolean) {
  const settings = core.settings.workspace.sources[source];
  if (!settings || !isDescriptionAwaited(core, source, incoming.form)) return null;
  const { answers } = feedback.describe(incoming, store.questionsOf(core.sql, source, incoming.form));
  const aliases = [...mapAliasesToTemplates(core, source).keys()];
  const paths = Object.values(settings.respondent).flatMap((path) => (path?.startsWith('hidden.') ? [] : (path ?? [])));
  const needed = [...aliases, ...paths].map((name) => settings.questions[name] ?? name);
  const carrying = needed.map((name) =>
    answers.filter(({ question }) => question.id === name || question.names.includes(name)),
  );
  if (carrying.flat().some(({ choiceIds = [] }) => choiceIds.length > 0)) return 'choices';
  const mayGainNames =
    (hasNewQuestions || store.forms.find(core.sql, { source, form: incoming.form })?.describedAt === null) &&
    answers.some(({ question }) => question.title === '');
  return mayGainNames && carrying.some((own) => own.length === 0) ? 'names' : null;
}

/** Templates by the aliases of a source that they use. */
export function mapAliasesToTemplates({ settings }: Core, source: string): Map<string, Set<string>> {
  const known = usesBySource(settings).get(source);
  if (known) return known;
  const uses = new Map<string, Set<string>>();
  for (const [name, { when }] of settings.templates) {
    if (!when.source.includes(source) || !when.condition) continue;
    for (const alias of feedback.collectQuestionAliases(when.condition))
      uses.set(alias, (uses.get(alias) ?? new Set()).add(name));
  }
  usesBySource(settings).set(source, uses);
  return uses;
}

const usesBySource = memoize((_: Settings) => new Map<string, Map<string, Set<string>>>());

const mostUnanswered = 20;

/** Notifies admins once of a question that templates need and that stored responses no longer answer. */
export function notifyOfLostQuestions(core: Core, source: string, { form, answers, partial }: port.IncomingResponse) {
  const settings = core.settings.workspace.sources[source];
  if (!settings || partial) return;
  const answered = new Set(answers.map(({ question }) => question.id));
  const known = store.questionsOf(core.sql, source, form);
  for (const [alias, templates] of mapAliasesToTemplates(core, source)) {
    const named = settings.questions[alias];
    if (named === undefined) continue;
    const own = [...known.values()].filter(({ id, names }) => id === named || names.includes(named));
    const [question] = own.toSorted((a, b) => b.lastAnsweredAt - a.lastAnsweredAt);
    if (!question || own.some(({ id }) => answered.has(id))) continue;
    const { id, lastAnsweredAt: at, goneSince } = question;
    const successor = feedback.findSuccessor(question, known.values());
    const count = store.countResponsesWithoutAnswer(core.sql, { source, form, question: id, at, most: mostUnanswered });
    if (count < (successor || goneSince !== null ? 1 : mostUnanswered)) continue;
    const list = [...templates].sort().join(', ');
    notifyAdmins(core, {
      once: ['lost-question', source, form, id, successor?.id ?? String(goneSince ?? at)],
      subject: `Responses of ${source} no longer answer ${alias}`,
      paragraphs: [
        `The last ${count === 1 ? 'response' : `${count} responses`} of the form ${form} did not answer the question ${id}, which is ${alias} for ${list}. These templates no longer see its answers.`,
        successor
          ? `The question ${successor.id} has the same words or name, and seems to replace it. To go on with it, press the button beside it on the page of the source, or write ${alias}: ${feedback.preferredNameOf(successor)} under questions of this source.`
          : 'If the question was replaced, name the new one under questions of this source; if it is optional, nothing is wrong.',
      ],
      path: `sources/${source}`,
      label: 'See the questions',
    });
  }
}
