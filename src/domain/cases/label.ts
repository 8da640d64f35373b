import type { LabelDraft } from '../integrations/issue.ts';

const severityColours = ['b60205', 'd93f0b', 'fbca04', 'c2e0c6'] as const;

/** Lower-case letters, digits and dashes. Labels in every tracker are such slugs. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
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
    draft(`category:${slug(category)}`, colours?.category ?? '1d76db', `Category: ${category}`),
    draft(`severity:${slug(severity)}`, severityColour, `How bad it is for the customer: ${severity}`),
    ...(dueDate ? [draftDueLabel(dueDate)] : []),
    ...(tier ? [draft(`tier:${slug(tier)}`, '5319e7', `Customer tier: ${tier}`)] : []),
  ];
}

export const draftDueLabel = (date: string): LabelDraft => draft(`due:${date}`, 'ededed', `To be closed by ${date}`);

export const draftStatusLabel = (name: string, status: string): LabelDraft =>
  draft(name, 'bfdadc', `Status: ${status}`);
