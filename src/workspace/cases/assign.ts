import { basics, type Case, type CaseTemplate, casework, type Core, store, type TeamSettings } from '../kit.ts';

type Assignment = { assignee: casework.Chosen; loopOwner: casework.Chosen };

/** Chooses assignee and loop owner of a new case, each with the reason. */
export function chooseAssigneeAndLoopOwner(
  core: Core,
  template: CaseTemplate,
  subject: { responseId: string | null; customer: { tier: string | null } },
): Assignment {
  const team = basics.findTeam(core, template.team);
  const nobody = { person: null, why: `there is no team ${template.team}` };
  if (!team) return { assignee: nobody, loopOwner: nobody };
  const response = store.findResponse(core.sql, subject.responseId);
  const fields = casework.collectAssignmentFields(response?.content ?? null, subject.customer.tier);
  const assignee = chooseTeamMember(core, team, template, fields, `turn:${template.team}`);
  return { assignee, loopOwner: casework.chooseLoopOwner(team, template.category) };
}

/** Chooses a person of a team by its rule. Each counter of turns goes round the members. */
export function chooseTeamMember(
  core: Core,
  team: TeamSettings,
  { category, tracker }: { category: string; tracker: string },
  fields: ReadonlyMap<string, string>,
  counter: string,
): casework.Chosen {
  const { people, trackers, 'time-zone': timeZone } = core.settings.workspace;
  const at = core.clock.now();
  const choice = { team, people, category, fields, at, timeZone, tracker: trackers[tracker]?.kind ?? null };
  return casework.chooseAssignee(choice, () => store.takeRoundRobinTurn(core.sql, counter));
}

/** Text for the timeline about assignee and loop owner. */
export function describeAssignment(core: Core, { assignee, loopOwner }: Assignment): string {
  const name = ({ person }: casework.Chosen) => basics.findPersonName(core, person) ?? 'nobody';
  return `${name(assignee)} works on it (${assignee.why}); ${name(loopOwner)} tells the customer (${loopOwner.why})`;
}

/** Why a person must assign the case; null when assignee and loop owner are known. */
export function whyAssignmentIncomplete({ assignee, loopOwner }: Pick<Case, 'assignee' | 'loopOwner'>): string | null {
  const open = [
    ...(assignee === null ? ['works on it'] : []),
    ...(loopOwner === null ? ['answers for telling the customer'] : []),
  ];
  return open.length === 0 ? null : `nobody ${open.join(', and nobody ')}: name somebody`;
}
