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

export const overdueLabel: LabelDraft = {
  name: 'overdue',
  color: 'b60205',
  description: 'Still open past its closure goal',
};

export function caseLabels(facts: {
  category: string;
  severity: string;
  severityRank: number;
  dueDate: string | null;
  tier: string | null;
  colours?: { severity: string | null; category: string | null };
}): LabelDraft[] {
  const labels: LabelDraft[] = [
    {
      name: `category:${slug(facts.category)}`,
      color: facts.colours?.category ?? '1d76db',
      description: `Category: ${facts.category}`,
    },
    {
      name: `severity:${slug(facts.severity)}`,
      color: facts.colours?.severity ?? severityColours[facts.severityRank - 1] ?? 'fbca04',
      description: `How bad it is for the customer: ${facts.severity}`,
    },
  ];
  if (facts.dueDate) labels.push(dueLabel(facts.dueDate));
  if (facts.tier)
    labels.push({
      name: `tier:${slug(facts.tier)}`,
      color: '5319e7',
      description: `Customer tier: ${facts.tier}`,
    });
  return labels;
}

export function dueLabel(date: string): LabelDraft {
  return { name: `due:${date}`, color: 'ededed', description: `To be closed by ${date}` };
}

export function statusLabelDraft(name: string, status: string): LabelDraft {
  return { name, color: 'bfdadc', description: `Status: ${status}` };
}
