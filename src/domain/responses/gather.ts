import * as z from 'zod';
import { readCustomerAttribute, type SurveyResponse } from './response.ts';

const Field = z
  .string()
  .regex(
    /^(hidden\.\S+|customer\.(?!(?:key|email|name|revenue)$)[a-z0-9-]+|[a-z][a-z0-9-]{0,62})$/,
    'is a question’s alias, hidden.NAME, or an attribute as customer.tier',
  );
const values = z.array(z.string().trim().min(1).max(60)).min(1).max(100);

/**
 * What a strategic template gathers by: everything, category, product or theme named by responses, or category, root
 * cause or blocker of elevated cases. Anybody can type into a hidden field by editing a link, so accepted values must
 * be listed.
 */
export const GatherBy = z
  .union([
    z.enum(['template', 'category', 'elevation']),
    z.strictObject({ product: Field, values: values.optional() }),
    z.strictObject({ theme: Field, values: values.optional() }),
  ])
  .superRefine((by, context) => {
    if (typeof by === 'string' || by.values || !readGatherField(by).startsWith('hidden.')) return;
    context.addIssue({
      code: 'custom',
      path: ['values'],
      message: 'is missing; list the accepted values of the hidden field, such as values: [Suite, Desk]',
    });
  });
export type GatherBy = z.output<typeof GatherBy>;

/**
 * Severity of a strategic case by the number of affected customers or their revenue. The first step also applies below
 * it.
 */
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
  /** Readable name of the theme; null where the template has one case. */
  theme: string | null;
}

const unlistedTheme = 'other';

interface Gathering {
  'gather-by': GatherBy;
  category: string;
}

/** Cases of a template that a response belongs to: one, or one per chosen theme. */
export function listGatheringCaseKeys(
  name: string,
  template: Gathering,
  response: SurveyResponse,
  hidden: ReadonlyMap<string, string>,
): Gathered[] {
  const by = template['gather-by'];
  if (typeof by === 'string') return [buildGatheringCaseKey(name, template, null)];
  const chosen = readThemeTexts(readGatherField(by), response, hidden).map((text) => listed(by, text));
  const themes = chosen.length === 0 ? [unlistedTheme] : chosen;
  const seen = new Map(themes.map((theme) => [fold(theme), theme]));
  return [...seen.values()].map((theme) => buildGatheringCaseKey(name, template, theme));
}

export function buildGatheringCaseKey(name: string, template: Gathering, theme: string | null): Gathered {
  const by = template['gather-by'];
  if (by === 'template') return { scope: name, key: 'all customers', theme: null };
  if (by === 'category')
    return { scope: 'gathered by category', key: fold(template.category), theme: template.category };
  const named = theme ?? unlistedTheme;
  return { scope: name, key: `theme: ${fold(named)}`, theme: named };
}

function readThemeTexts(field: string, response: SurveyResponse, hidden: ReadonlyMap<string, string>): string[] {
  if (field.startsWith('hidden.')) return [hidden.get(field.slice('hidden.'.length)) ?? ''].filter(Boolean);
  if (field === 'customer.language') return [response.language ?? response.customer.language ?? ''].filter(Boolean);
  if (field.startsWith('customer.'))
    return [String(readCustomerAttribute(response.customer, field.slice('customer.'.length)) ?? '')].filter(Boolean);
  const answer = response.answers.find(({ alias }) => alias === field);
  // A respondent's free text is no theme, because themes appear in a tracker's title.
  if (!answer || answer.freeText) return [];
  return Array.isArray(answer.value) ? answer.value : [answer.text];
}

/** The template's spelling of a theme; unlisted themes become "other". */
function listed(by: Exclude<GatherBy, string>, text: string): string {
  if (!by.values) return text.trim().slice(0, 60) || unlistedTheme;
  return by.values.find((value) => fold(value) === fold(text)) ?? unlistedTheme;
}

/** Hidden field that names the theme; null for other kinds. */
export function findThemeHiddenField(by: GatherBy): string | null {
  if (typeof by === 'string' || !readGatherField(by).startsWith('hidden.')) return null;
  return readGatherField(by).slice('hidden.'.length);
}

/** Question, hidden field or attribute that names the theme. */
export const readGatherField = (by: Exclude<GatherBy, string>): string => ('product' in by ? by.product : by.theme);

const fold = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();

/** Severity for a number of customers or an amount of revenue. */
export function chooseSeverityByThreshold(
  { by, steps }: SeverityThresholds,
  size: { customers: number; revenue: number },
): string {
  const reached = steps.filter(({ from }) => size[by] >= from).at(-1) ?? steps[0];
  return reached?.severity ?? '';
}
