import { hindrance } from '#domain/cases/assignment.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { PeopleJson } from '#domain/json/people-json.ts';
import { toIsoText, toIsoTextOrNull } from '#domain/time/units.ts';
import { findPersonOrTeamName } from '../basics/people.ts';
import { nextOf } from '../cases/ladder.ts';
import type { Core } from '../core.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { countOpenCasesByPerson } from '../store/case-lists.ts';
import { listContributions, listContributorInvitations } from '../store/contributors.ts';
import { listLadderSteps } from '../store/ladder.ts';
import { planOf } from '../store/plan.ts';

export function buildPlanAndLadderJson(
  core: Core,
  caseRecord: Case,
): Pick<CaseJson, 'plan' | 'ladder' | 'contributors' | 'contributions'> {
  const now = core.clock.now();
  return {
    plan: planOf(core.sql, caseRecord.id).map(
      ({ position, role, task, who, doneAt, doneBy, form, formWhy, issue }) => ({
        position,
        role,
        task,
        who,
        whoName: findPersonOrTeamName(core, who),
        doneAt: toIsoTextOrNull(doneAt),
        doneBy,
        form,
        formWhy,
        issue: issue && { key: issue.key, url: issue.url, state: issue.state },
      }),
    ),
    ladder: {
      run: caseRecord.ladder,
      steps: listLadderSteps(core.sql, caseRecord.id, caseRecord.ladder).map(
        ({ kind, level, at, notified, skipped }) => ({
          kind,
          level,
          at: toIsoText(at),
          notified: notified.map((person) => (person.includes('@') ? 'a watcher' : person)),
          skipped,
        }),
      ),
      nextAt: toIsoTextOrNull(nextOf(core, caseRecord)?.at ?? null),
      acknowledgedAt: toIsoTextOrNull(caseRecord.acknowledgedAt),
      acknowledgedBy: caseRecord.acknowledgedBy,
      snoozedUntil: toIsoTextOrNull(
        caseRecord.snoozedUntil !== null && caseRecord.snoozedUntil > now ? caseRecord.snoozedUntil : null,
      ),
    },
    contributors: listContributorInvitations(core.sql, caseRecord.id).map(({ id, name, at, expiresAt, endedAt }) => ({
      id,
      name,
      invitedAt: toIsoText(at),
      holds: endedAt === null && expiresAt > now,
    })),
    contributions: listContributions(core.sql, caseRecord.id).map(({ name, text, at }) => ({
      name,
      text,
      at: toIsoText(at),
    })),
  };
}

/** People of the workspace: roles, accounts, absences, and numbers of open cases as assignee and loop owner. */
export function buildPeopleJson(core: Core): PeopleJson {
  const { people, teams, trackers, roles, 'time-zone': timeZone } = core.settings.workspace;
  const kinds = [...new Set(Object.values(trackers).map(({ kind }) => kind))].sort();
  const load = countOpenCasesByPerson(core.sql);
  const at = core.clock.now();
  const listTeamsOfPerson = (person: string, role: 'managers' | 'members') =>
    Object.entries(teams)
      .filter(([, team]) => team[role].includes(person))
      .map(([name]) => name);
  return {
    kinds,
    people: Object.entries(people).map(([key, settings]) => ({
      key,
      name: settings.name,
      manages: listTeamsOfPerson(key, 'managers'),
      memberOf: listTeamsOfPerson(key, 'members'),
      roles: Object.keys(roles).filter((role) => roles[role] === key),
      accounts: kinds.filter((kind) => Object.hasOwn(settings.accounts, kind)),
      away: settings.away,
      isUndeliverable: isUndeliverable(core, settings.email),
      isAway: hindrance({ people, at, timeZone, tracker: null }, key) !== null,
      worksOn: load.assigned.get(key) ?? 0,
      answersFor: load.owned.get(key) ?? 0,
    })),
    teams: Object.entries(teams).map(([name, team]) => ({
      name,
      managers: team.managers,
      members: team.members,
      watchers: team.watchers.length,
      contributors: team.contributors.map((contributor) => contributor.name),
      assign: typeof team.assign === 'string' ? team.assign : (Object.keys(team.assign)[0] ?? ''),
      fallback: team.fallback ?? null,
    })),
    nobody: { works: load.assigned.get('') ?? 0, answers: load.owned.get('') ?? 0 },
  };
}
