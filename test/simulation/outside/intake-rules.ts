import { leaver } from '../actors.ts';
import type { PageResponse } from './outside-history.ts';
import type { Seen } from './read.ts';
import { hourMs, timeOf } from './read.ts';

/** Rules of intake: every acknowledged delivery is one response, which stands behind the cases that it calls for. */
export const intakeRules = {
  acknowledgedIsKept,
  copiesAreOneResponse,
  nothingIsInvented,
  theUnhappyHaveTheirCases,
  toolAnswersArrive,
  importedRowsArrive,
};

const isLeaver = (email: string) => email === leaver.email;

function acknowledgedIsKept({ diary, pages, isPoisoned }: Seen): string[] {
  const known = new Map(pages.deliveries.map((each) => [each.id, each]));
  const lost = diary.flatMap((entry) => {
    if (entry.what !== 'delivered' || entry.ids === null) return [];
    return entry.ids.flatMap((id) => {
      const outcome = known.get(id)?.outcome;
      if (outcome === undefined) return [`delivery ${id} of ${entry.token} was acknowledged, and no page knows it`];
      return outcome === 'waiting' || (outcome === 'set-aside' && !isPoisoned)
        ? [`delivery ${id} of ${entry.token} is ${outcome} in the end`]
        : [];
    });
  });
  const unread = pages.deliveries.filter(
    ({ outcome }) => outcome === 'waiting' || (outcome === 'set-aside' && !isPoisoned),
  );
  return [...lost, ...unread.map(({ id, source, outcome }) => `delivery ${id} of ${source} is ${outcome} in the end`)];
}

/** Responses of each token, by the deliveries that brought them. */
function responsesByToken({ diary, pages }: Seen): Map<string, Set<string>> {
  const known = new Map(pages.deliveries.map((each) => [each.id, each.response]));
  const found = new Map<string, Set<string>>();
  for (const entry of diary) {
    if (entry.what !== 'delivered') continue;
    const responses = found.get(entry.token) ?? new Set();
    for (const id of entry.ids ?? []) {
      const response = known.get(id);
      if (response) responses.add(response);
    }
    found.set(entry.token, responses);
  }
  return found;
}

function copiesAreOneResponse(seen: Seen): string[] {
  const owner = new Map<string, string>();
  return [...responsesByToken(seen)].flatMap(([token, responses]) => {
    const shared = [...responses].filter((id) => (owner.get(id) ?? token) !== token);
    for (const id of responses) owner.set(id, token);
    return [
      ...(responses.size > 1 ? [`${token} became ${responses.size} responses`] : []),
      ...shared.map((id) => `${id} is the response of ${owner.get(id)} and of another`),
    ];
  });
}

/** No source has more responses than were sent to it. */
function nothingIsInvented({ sent, imported, toolResponses, pages }: Seen): string[] {
  const most: Record<string, number> = {
    'upgrade-survey': sent.filter(({ byMail }) => !byMail).length,
    alerts: sent.filter(({ byMail }) => byMail).length,
    export: imported.length,
    tool: toolResponses.length,
  };
  return Object.entries(most).flatMap(([source, limit]) => {
    const { length } = pages.responses.filter((each) => each.source === source);
    return length > limit ? [`${source} sent ${limit} responses, and ${length} are kept`] : [];
  });
}

const answerOf = ({ answers }: PageResponse, alias: string) => answers.find((each) => each.alias === alias)?.value;

/** Case templates that a response of Acme's survey calls for, by the words of the templates. */
const wantedTemplates = (completed: boolean, ease: number, hasWish: boolean): string[] => [
  ...(completed ? [] : ['upgrade-not-installed']),
  ...(ease <= 5 ? ['upgrade-hard-to-install'] : []),
  ...(hasWish ? ['product-wish'] : []),
];

/** Cases of a response by template, and templates whose match a person dropped. */
function standing(seen: Seen, response: PageResponse): { opened: string[]; dropped: string[] } {
  const opened = seen.pages.cases.filter(({ responses }) => responses.includes(response.id));
  const dropped = response.decisions.filter(
    ({ template, why }) =>
      why.some((line) => line.startsWith('dropped by')) &&
      seen.diary.some((entry) => entry.what === 'dropped' && entry.template === template),
  );
  return { opened: opened.map(({ template }) => template).sort(), dropped: dropped.map(({ template }) => template) };
}

function theUnhappyHaveTheirCases(seen: Seen): string[] {
  const byToken = responsesByToken(seen);
  return seen.sent.flatMap(({ token, acked, customer, completed, ease, wish }) => {
    if (!acked || isLeaver(customer.email)) return [];
    const [id = ''] = byToken.get(token) ?? [];
    const response = seen.responseById.get(id);
    if (!response) return seen.isPoisoned ? [] : [`${token} was acknowledged, and no page shows its response`];
    if (Number(answerOf(response, 'ease')) !== ease) return [`${token} said ${ease}, and its page says otherwise`];
    const { opened, dropped } = standing(seen, response);
    const wanted = wantedTemplates(completed, ease, wish !== null).filter((name) => !dropped.includes(name));
    return opened.join() === wanted.sort().join()
      ? []
      : [`${token} stands behind cases of ${opened.join() || 'nothing'} instead of ${wanted.join() || 'nothing'}`];
  });
}

/** What the tool holds is here in its newest state, delivered or not, from an hour before its first delivery on. */
function toolAnswersArrive(seen: Seen): string[] {
  const { pages, toolResponses, isPoisoned } = seen;
  const kept = pages.responses.filter(({ source }) => source === 'tool');
  if (kept.length === 0 || isPoisoned) return [];
  // Nobody looks for what was lost before the tool was first heard of.
  const first = pages.deliveries.filter(({ source }) => source === 'tool').map(({ receivedAt }) => timeOf(receivedAt));
  const since = Math.min(...first);
  return toolResponses.flatMap(({ id, customer, answers, partial, submittedAt, changedAt }) => {
    if (changedAt < since - hourMs || customer === leaver.key) return [];
    const response = kept.find(
      (each) =>
        each.customer.key === customer &&
        each.partial === partial &&
        timeOf(each.submittedAt) === submittedAt &&
        Object.entries(answers).every(([name, value]) => answerOf(each, name) === value),
    );
    if (!response) return [`the tool holds ${id} with answers that no page shows`];
    if (partial) return [];
    const { opened, dropped } = standing(seen, response);
    const wanted = wantedTemplates(answers.completed === true, Number(answers.ease), false);
    const missing = wanted.filter((name) => !opened.includes(name) && !dropped.includes(name));
    return missing.map((name) => `${id} of the tool has no case of ${name}`);
  });
}

function importedRowsArrive({ imported, pages }: Seen): string[] {
  const kept = pages.responses.filter(({ source }) => source === 'export');
  return imported.flatMap(({ id, line, acked }) => {
    if (!acked) return [];
    const [, at = '', customer] = line.split(',');
    const found = kept.filter((each) => timeOf(each.submittedAt) === timeOf(at) && each.customer.key === customer);
    return found.length > 0 ? [] : [`${id} of the imported file is on no page`];
  });
}
