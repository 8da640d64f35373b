import * as z from 'zod';
import { fold, toShownLine } from '../text/safe-text.ts';
import { Span } from '../time/duration.ts';
import { hasAlias, readCustomerAttribute, type SurveyResponse } from './response.ts';

const Field = z
  .string()
  .regex(
    /^(hidden\.\S+|customer\.(?!(?:key|email|name|revenue)$)[a-z0-9-]+|[a-z][a-z0-9-]{0,62})$/,
    'is a question’s alias, hidden.NAME, or an attribute as customer.tier',
  );

const GatheredCases = z
  .strictObject({
    category: z.string().optional(),
    'root-cause': z.string().optional(),
    blocker: z.string().optional(),
    verdict: z.literal('known-gap').optional(),
    count: z.int().min(1).max(1000),
    within: Span,
  })
  .transform(({ count, within, ...fields }, context) => {
    const [named, ...others] = Object.entries(fields);
    if (named && others.length === 0) return { field: named[0] as GatheredCaseField, value: named[1], count, within };
    context.addIssue({
      code: 'custom',
      path: others[0] ? [others[0][0]] : [],
      message: 'names exactly one of category, root-cause, blocker and verdict',
    });
    return z.NEVER;
  });
export type GatheredCases = z.output<typeof GatheredCases>;
export type GatheredCaseField = 'category' | 'root-cause' | 'blocker' | 'verdict';

/** Gathering of a strategic template; a hidden field's values must be listed, because anybody can edit a link. */
export const GatheringRule = z
  .strictObject({
    /** `elevation` takes tactical cases only, and has a strategic case for each of their values. */
    by: z.enum(['template', 'category', 'elevation']).default('template'),
    theme: Field.optional(),
    values: z.array(z.string().trim().min(1).max(60)).min(1).max(100).optional(),
    cases: z.array(GatheredCases).max(100).default([]),
  })
  .superRefine(({ by, theme, values }, context) => {
    const report = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (theme && by !== 'template') report('by', `is ${by}; leave out either by or theme`);
    if (values && !theme) report('theme', 'is missing; name the question or field that has these values');
    if (!values && theme?.startsWith('hidden.'))
      report('values', 'is missing; list the accepted values of the hidden field, such as values: [Suite, Desk]');
    if (!values && theme === 'customer.language')
      report('values', 'is missing; list the accepted languages, such as values: [en, de]');
  });
export type GatheringRule = z.output<typeof GatheringRule>;

/** Severity of a strategic case by affected customers or revenue; the first step also applies below it. */
export const SeverityThresholds = z
  .strictObject({
    by: z.enum(['customers', 'revenue']),
    steps: z
      .array(z.strictObject({ from: z.number().nonnegative(), severity: z.string() }))
      .min(1)
      .max(8),
  })
  .superRefine(({ steps }, context) => {
    steps.forEach(({ from }, index) => {
      const before = steps[index - 1];
      if (before && before.from >= from)
        context.addIssue({
          code: 'custom',
          path: ['steps', index],
          message: `must be more than that of the step before, ${before.from}`,
        });
    });
  });
export type SeverityThresholds = z.output<typeof SeverityThresholds>;

/** The case that a response is gathered under; `scope` and `key` form its problem key. */
export interface Gathered {
  scope: string;
  key: string;
  theme: string | null;
}

const unlistedTheme = 'other';

type Gathering = { gather: GatheringRule; category: string };

/** Cases of a template that a response belongs to: one, or one per chosen theme. */
export function listGatheringCaseKeys(
  name: string,
  template: Gathering,
  response: SurveyResponse,
  hidden: ReadonlyMap<string, string>,
  tier = response.customer.tier,
): Gathered[] {
  const { theme: field, values } = template.gather;
  if (!field) return [buildGatheringCaseKey(name, template, null)];
  const isChosen = !/^(hidden|customer)\./.test(field);
  const texts = field === 'customer.tier' ? [tier ?? ''] : readThemeTexts(field, response, hidden);
  const chosen = texts.map((text) => chooseListedTheme(values ?? (isChosen ? null : []), text));
  const themes = chosen.length === 0 ? [unlistedTheme] : chosen;
  const seen = new Map(themes.map((theme) => [fold(theme), theme]));
  return [...seen.values()].map((theme) => buildGatheringCaseKey(name, template, theme));
}

export function buildGatheringCaseKey(name: string, template: Gathering, theme: string | null): Gathered {
  const { gather, category } = template;
  if (gather.by === 'category') return { scope: 'gathered by category', key: fold(category), theme: category };
  if (!hasThemes(gather)) return { scope: name, key: 'all customers', theme: null };
  const named = theme ?? unlistedTheme;
  return { scope: name, key: `theme: ${fold(named)}`, theme: named };
}

/** Whether a template opens a case for each theme. */
export const hasThemes = ({ by, theme }: GatheringRule): boolean => theme !== undefined || by === 'elevation';

function readThemeTexts(field: string, response: SurveyResponse, hidden: ReadonlyMap<string, string>): string[] {
  if (field.startsWith('hidden.')) return [hidden.get(field.slice('hidden.'.length)) ?? ''];
  if (field === 'customer.language') return [response.language ?? response.customer.language ?? ''];
  if (field.startsWith('customer.'))
    return [String(readCustomerAttribute(response.customer, field.slice('customer.'.length)) ?? '')];
  const answer = response.answers.find((each) => hasAlias(each, field));
  // What a respondent typed, words or a number, is no theme, because themes appear in a tracker's title.
  if (!answer || answer.freeText || /\d{7}/.test(answer.text)) return [];
  return Array.isArray(answer.value) ? answer.value : [answer.text];
}

/** The template's spelling of a theme; unlisted themes become "other". */
function chooseListedTheme(values: string[] | null, text: string): string {
  if (!values) return toShownLine(text, 60) || unlistedTheme;
  return values.find((value) => fold(value) === fold(text)) ?? unlistedTheme;
}

/** Hidden field that names the theme; null for other kinds. */
export const findThemeHiddenField = ({ theme }: GatheringRule): string | null =>
  theme?.startsWith('hidden.') ? theme.slice('hidden.'.length) : null;

/** Severity for a number of customers or an amount of revenue. */
export function chooseSeverityByThreshold(
  { by, steps }: SeverityThresholds,
  size: { customers: number; revenue: number },
): string {
  const reached = steps.filter(({ from }) => size[by] >= from).at(-1) ?? steps[0];
  return reached?.severity ?? '';
}
