import { Liquid } from 'liquidjs';

const engine = new Liquid({ strictFilters: true, ownPropertyOnly: true, cache: 64 });

/** Fills in a wording once; values are never templates. An unknown name is empty. */
export function renderWording(wording: string, values: Record<string, unknown>): string {
  return String(engine.parseAndRenderSync(wording, values)).trim();
}

const inEverySurvey = [
  'workspace.name',
  'customer.name',
  'person.name',
  'owner.name',
  'case.handle',
  'case.reason',
  'case.issue',
  'case.what-changed',
  'case.done',
  'case.explanation',
];

/** Names that the wordings of a survey may use; the category of a case is the team's own word, for closers only. */
export const surveyNames = {
  customer: [...inEverySurvey, 'case.answer'],
  closer: [...inEverySurvey, 'case.category'],
};

/** Names that the wordings of an invitation may use. */
export const invitationNames = [
  'workspace.name',
  'customer.key',
  'customer.email',
  'customer.name',
  'customer.language',
];

/** A wording's mistake, for checking settings before they are kept; null when it has none. */
export function wordingProblem(wording: string, names: string[]): string | null {
  try {
    const strange = namesIn(wording).filter(
      (name) => !names.some((known) => name === known || name.startsWith(`${known}.`)),
    );
    if (strange.length === 0) return null;
    const customer = strange.includes('case.category')
      ? 'the category is the team’s own word; a customer reads case.answer, such as “your answer of 14 October 2026”. '
      : '';
    return `names ${strange.join(', ')}; ${customer}a wording here may name ${names.join(', ')}`;
  } catch (error) {
    return unreadable(error);
  }
}

/** Names of values that a wording asks for, each with its path. */
const namesIn = (wording: string): string[] => engine.globalFullVariablesSync(engine.parse(wording));

/** Liquid counts lines within the wording, which says nothing of the file that it stands in. */
function unreadable(error: unknown): string {
  const said =
    error instanceof Error ? error.message.split('\n')[0]?.replace(/, line:\d+, col:\d+$/, '') : null;
  return `cannot be filled in${said ? `: ${said}` : ''}; write names between {{ and }}, such as {{ customer.name }}`;
}

/** What a title may say: nothing here is a respondent's. */
const titleNames = ['handle', 'template', 'category', 'severity', 'tier', 'customers', 'theme', 'workspace'];

/** Why a case's title cannot be used, with a remedy; null when it can. */
export function titleProblem(title: string): string | null {
  try {
    const named = engine.globalVariablesSync(engine.parse(title));
    const strange = named.filter((name) => !titleNames.includes(name));
    if (strange.length === 0) return null;
    return `names ${strange.join(', ')}; a title may name ${titleNames.join(', ')}, and nothing of a respondent`;
  } catch (error) {
    return unreadable(error);
  }
}
