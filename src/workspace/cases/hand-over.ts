import { basics, type Case, casework, type Core, handleOf, store, type WorkspaceSettings } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { chooseTeamMember } from './assign.ts';
import { changeAssignee } from './change-fields.ts';
import { choosePersonOrTeamForRole } from './sub-issues.ts';

type Part = [person: string, name: string, chooseNext: () => string | null, give: (to: string | null) => void];

function listPartsOfLeavers(core: Core, caseRecord: Case, who: string, known: readonly string[]): Part[] {
  const { id, assignee, loopOwner, category, tracker } = caseRecord;
  const team = basics.findTeam(core, caseRecord.team);
  const chooseAssignee = () => {
    const content = store.findResponse(core.sql, store.firstResponseIdOfCase(core.sql, id))?.content ?? null;
    const fields = casework.collectAssignmentFields(content, caseRecord.tier);
    return team ? chooseTeamMember(core, team, { category, tracker }, fields, `turn:${caseRecord.team}`).person : null;
  };
  const chooseOwner = () => (team ? casework.chooseLoopOwner(team, category).person : null);
  const giveAssignee = (to: string | null) => changeAssignee(core, id, to, { who, why: 'the assignee left' });
  const decider = store.strategicCases.find(core.sql, { caseId: id })?.decisionOwner ?? '';
  const giveDecision = (to: string | null) =>
    store.strategicCases.update(core.sql, { caseId: id }, { decisionOwner: to });
  const parts: Part[] = [
    [assignee ?? '', 'assignee', chooseAssignee, giveAssignee],
    [loopOwner ?? '', 'loop owner', chooseOwner, (to) => store.updateCase(core.sql, id, { loopOwner: to })],
    [decider, 'decision owner', chooseOwner, giveDecision],
  ];
  for (const step of store.planSteps.list(core.sql, { caseId: id })) {
    const choose = () => choosePersonOrTeamForRole(core, caseRecord, step.role);
    const give = (to: string | null) => store.updatePlanStep(core.sql, step, { who: to });
    if (step.doneAt === null) parts.push([step.who ?? '', `step ${step.position}`, choose, give]);
  }
  return parts.filter(([person]) => person !== '' && !known.includes(person));
}

const namesOf = ({ people, teams }: Pick<WorkspaceSettings, 'people' | 'teams'>): string[] => [
  ...Object.keys(people),
  ...Object.keys(teams),
];

/** Open work of everybody whom new settings leave out, one line each person, such as `sam owns C-1 (assignee), C-4 (step 2)`. */
export function describeWorkOfLeavers(core: Core, next: WorkspaceSettings): string[] {
  const known = namesOf(next);
  const work = new Map<string, string[]>();
  for (const caseRecord of store.listOpenCasesOfLeavers(core.sql, known))
    for (const [person, name] of listPartsOfLeavers(core, caseRecord, '', known))
      work.set(person, [...(work.get(person) ?? []), `${handleOf(caseRecord)} (${name})`]);
  return [...work].map(([person, parts]) => `${person} owns open work, which goes to others: ${parts.join(', ')}`);
}

/** Gives what people who left do on a case to others by the team's rules. @returns a line; null where nobody left */
export function handOverCase(core: Core, caseRecord: Case, who: string): string | null {
  const parts = listPartsOfLeavers(core, caseRecord, who, namesOf(core.settings.workspace));
  const given = parts.map(([person, name, chooseNext, give]) => {
    const to = chooseNext();
    give(to);
    return `${name} ${person} → ${basics.findPersonOrTeamName(core, to) ?? 'nobody'}`;
  });
  if (given.length === 0) return null;
  basics.record(core, caseRecord.id, 'handed over', given.join('; '), { who });
  return given.join('; ');
}

/** Gives open work of people who left to others, inside a transaction. */
export function handOverFromLeavers(core: Core, who: string): string[] {
  const cases = store.listOpenCasesOfLeavers(core.sql, namesOf(core.settings.workspace));
  const lines = cases.map((one) => ({ team: one.team, text: `${handleOf(one)}: ${handOverCase(core, one, who)}` }));
  const intro = 'Somebody left the workspace file, and their open work went to others:';
  for (const [team, ofTeam] of Map.groupBy(lines, (line) => line.team))
    notifyAdmins(core, {
      once: ['handed over', String(core.settings.version), team],
      team,
      subject: `${core.settings.workspace.name}: open work has new owners`,
      paragraphs: [intro, ...ofTeam.map(({ text }) => text)],
      path: 'people',
      label: 'See people and their work',
    });
  return lines.map(({ text }) => text);
}
