import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { findSuccessor, preferredNameOf } from '#domain/responses/question.ts';
import type { Core } from '../core.ts';
import { notifyAdmins } from '../mail/notify-admins.ts';
import { questionsOf } from '../store/questions.ts';
import { countResponsesWithoutAnswer } from '../store/responses.ts';
import { mapAliasesToTemplates } from './unread-answers.ts';

/** Responses without an answer after which a question counts as lost although the form still may have it. */
const mostUnanswered = 20;

/**
 * Notifies the admins once of a question that templates need and that responses no longer answer: it is gone from the
 * form, another one replaces it, or many responses left it out. Call it after the response is stored.
 */
export function notifyOfLostQuestions(core: Core, source: string, { form, answers, partial }: IncomingResponse): void {
  const settings = core.settings.workspace.sources[source];
  if (!settings || partial) return;
  const answered = new Set(answers.map(({ question }) => question.id));
  const known = questionsOf(core.sql, source, form);
  for (const [alias, templates] of mapAliasesToTemplates(core, source)) {
    const named = settings.questions[alias];
    if (named === undefined) continue;
    const own = [...known.values()].filter(({ id, names }) => id === named || names.includes(named));
    const [question] = own.toSorted((a, b) => b.lastAnsweredAt - a.lastAnsweredAt);
    if (!question || own.some(({ id }) => answered.has(id))) continue;
    const { id, lastAnsweredAt: at, goneSince } = question;
    const successor = findSuccessor(question, known.values());
    const count = countResponsesWithoutAnswer(core.sql, { source, form, question: id, at });
    if (count < (successor || goneSince !== null ? 1 : mostUnanswered)) continue;
    const list = [...templates].sort().join(', ');
    notifyAdmins(core, {
      once: ['lost-question', source, form, id, successor?.id ?? String(goneSince ?? at)],
      subject: `Responses of ${source} no longer answer ${alias}`,
      paragraphs: [
        `The last ${count === 1 ? 'response' : `${count} responses`} of the form ${form} did not answer the question ${id}, which is ${alias} for ${list}. These templates no longer see its answers.`,
        successor
          ? `The question ${successor.id} has the same words or name, and seems to replace it. To go on with it, press the button beside it on the page of the source, or write ${alias}: ${preferredNameOf(successor)} under questions of this source.`
          : 'If the question was replaced, name the new one under questions of this source; if it is optional, nothing is wrong.',
      ],
      path: `sources/${source}`,
      label: 'See the questions',
    });
  }
}
