import type { LabelDraft } from '../integrations/issue.ts';
import { cut } from '../text/safe-text.ts';

const severityColours = ['b60205', 'd93f0b', 'fbca04', 'c2e0c6'] as const;

/** Lower-case letters, digits and dashes. Labels in every tracker are such slugs. */
export const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');

export const longestLabel = 50;

/** A label that every tracker takes: a slug within 50 characters; a longer one ends with a sum of its text. */
export function toLabelName(prefix: string, text: string): string {
  const words = slug(text) || [...text.trim()].map((sign) => `u${sign.codePointAt(0)?.toString(16)}`).join('-');
  const name = `${prefix}:${words}`;
  if (name.length <= longestLabel) return name;
  const end = `-${sumOf(words)}`;
  return cut(name, longestLabel - end.length, '').replace(/-+$/, '') + end;
}

function sumOf(text: string): string {
  const sum = [...text].reduce(
    (hash, sign) => Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 16777619) >>> 0,
    2166136261,
  );
  return sum.toString(36).padStart(4, '0').slice(-4);
}

const draft = (name: string, color: string, description: string): LabelDraft => ({ name, color, description });

export const overdueLabel = draft('overdue', 'b60205', 'Still open past its closure goal');

export function draftCaseLabels(facts: {
  category: string;
  severity: string;
  severityRank: number;
  dueDate: string | null;
  tier: string | null;
  colours?: { severity: string | null; category: string | null };
}): LabelDraft[] {
  const { category, severity, severityRank, dueDate, tier, colours } = facts;
  const severityColour = colours?.severity ?? severityColours[severityRank - 1] ?? 'fbca04';
  return [
    draft(toLabelName('category', category), colours?.category ?? '1d76db', `Category: ${category}`),
    draft(toLabelName('severity', severity), severityColour, `How bad it is for the customer: ${severity}`),
    ...(dueDate ? [draftDueLabel(dueDate)] : []),
    ...(tier ? [draft(toLabelName('tier', tier), '5319e7', `Customer tier: ${tier}`)] : []),
  ];
}

export const draftDueLabel = (date: string): LabelDraft => draft(`due:${date}`, 'ededed', `To be closed by ${date}`);

export const draftStatusLabel = (name: string, status: string): LabelDraft =>
  draft(name, 'bfdadc', `Status: ${status}`);
