import { doTransition, getTransitions } from 'jira.js/cloud';
import { slug } from '#domain/cases/label.ts';
import * as kit from '../../kit.ts';
import { toFieldValues } from './fields.ts';
import type { Reading } from './read.ts';
import { type JiraIssue, nothing, type Transition, transitionListSchema } from './schema.ts';
import type { JiraSite } from './site.ts';
import { isDone, isDuplicateName, resolutionsByClosureKind } from './snapshot.ts';

const [maxAttempts, maxSteps] = [3, 4];

export interface Way {
  transition: Transition;
  resolution?: string;
  isStep?: boolean;
}

type Choose = (transitions: Transition[]) => Way;

export async function readTransitions({ read }: JiraSite, issueIdOrKey: string): Promise<Transition[]> {
  const asked = { issueIdOrKey, expand: 'transitions.fields' };
  return (await read('jira read transitions', transitionListSchema, getTransitions, asked)).transitions;
}

/** Moves issues between states, along the transitions of the project's workflow. */
export function createIssueMover(site: JiraSite, reading: Reading) {
  const { write } = site;

  function pass(issueIdOrKey: string, { transition, resolution }: Way): Promise<unknown> {
    const fields = { ...listDemandedValues(site, transition), ...(resolution && { resolution: { name: resolution } }) };
    return write('jira transition', nothing, doTransition, {
      issueIdOrKey,
      transition: { id: transition.id },
      ...(Object.keys(fields).length > 0 ? { fields } : {}),
    });
  }

  /** Moves an issue; after a 409 it may be there already, else the transitions of its new state are read again. */
  const move = (...walked: Parameters<typeof walk>): Promise<Way> =>
    site.withPermission('TRANSITION_ISSUES', () => walk(...walked));

  async function walk(issue: JiraIssue, isInWantedState: (issue: JiraIssue) => boolean, choose: Choose): Promise<Way> {
    const passed = new Set([slug(issue.fields.status.name)]);
    let conflicts = 0;
    for (;;) {
      const transitions = await readTransitions(site, issue.id);
      const way = choose(transitions.filter(({ to }) => !passed.has(slug(to.name))));
      try {
        await pass(issue.id, way);
        if (!way.isStep) return way;
        passed.add(slug(way.transition.to.name));
      } catch (error) {
        conflicts += 1;
        if (!(error instanceof kit.IntegrationError) || error.status !== 409 || conflicts === maxAttempts) throw error;
        if (isInWantedState(await reading.demand(issue.id))) return way;
      }
      if (passed.size > maxSteps) throw kit.refusal('jira transition', 'no way leads there');
    }
  }

  /** @returns whether the issue is in a state with that status */
  async function moveTo(id: string, { names, acceptsInitialState: isPlain }: kit.StatusEdit): Promise<boolean> {
    const issue = await reading.demand(id);
    if (isDone(issue)) return false;
    const isInWantedState = ({ fields }: JiraIssue) => names.some((name) => slug(name) === slug(fields.status.name));
    if (isInWantedState(issue)) return true;
    const way = (all: Transition[]): Way => {
      const open = all.filter(({ to }) => to.statusCategory.key !== 'done');
      const named = names.flatMap((name) => open.filter(({ to }) => slug(to.name) === slug(name)));
      const transition = named[0] ?? (isPlain ? filterTransitionsByCategory(open, 'new')[0] : undefined);
      if (transition) return { transition };
      throw kit.refusal('jira change status', 'no transition leads there');
    };
    // A workflow may demand more than a status; a label then carries it.
    return (await unlessRefused(move(issue, isInWantedState, way))) !== null;
  }

  return { move, moveTo };
}

const filterTransitionsByCategory = (transitions: Transition[], category: string): Transition[] =>
  transitions.filter(({ to }) => to.statusCategory.key === category);

function addBestResolution(transition: Transition, kind: kit.IssueClosure['kind']): Way {
  const { allowedValues = [], required = false } = transition.fields.resolution ?? {};
  const offered = allowedValues.flatMap(({ name }) => name ?? []);
  const fits = resolutionsByClosureKind[kind].flatMap((name) => offered.filter((offer) => slug(offer) === slug(name)));
  const duplicates = kind === 'duplicate' ? offered.filter(isDuplicateName) : [];
  const [resolution] = [...fits, ...duplicates, ...(required ? offered : [])];
  return { transition, ...(resolution && { resolution }) };
}

const nameOfRefusal = /^(won-?t-(do|fix)|declined|rejected|cancell?ed|duplicate)$/;

/** The best way to close: a status or a resolution of this kind, else any; a step towards one where none is near. */
export function chooseClosing(transitions: Transition[], kind: kit.IssueClosure['kind']): Way | null {
  const names = resolutionsByClosureKind[kind].map(slug);
  const ways = filterTransitionsByCategory(transitions, 'done').map((transition) =>
    addBestResolution(transition, kind),
  );
  const fits = ({ transition: { to } }: Way) => names.includes(slug(to.name));
  const isOfOtherKind = ({ transition: { to } }: Way) => nameOfRefusal.test(slug(to.name)) !== (kind !== 'completed');
  const isNamed = ({ resolution }: Way) => resolution !== undefined && names.includes(slug(resolution));
  const best =
    ways.find(fits) ??
    ways.find((way) => isNamed(way) && !isOfOtherKind(way)) ??
    ways.find(isNamed) ??
    ways.find((way) => !isOfOtherKind(way)) ??
    ways[0];
  if (best) return best;
  const [step] = filterTransitionsByCategory(transitions, 'indeterminate');
  return step ? { transition: step, isStep: true } : null;
}

/** Transitions that reopen a closed issue, best first: those that demand nothing more. */
export const listOpenings = (site: JiraSite, transitions: Transition[]): Transition[] =>
  ['new', 'indeterminate']
    .flatMap((category) => filterTransitionsByCategory(transitions, category))
    .toSorted((a, b) => listFieldsWithoutValue(site, a).length - listFieldsWithoutValue(site, b).length);

const listDemandedFields = ({ fields }: Transition) =>
  Object.entries(fields).flatMap(([fieldId, field]) =>
    field.required && !field.hasDefaultValue ? [{ ...field, fieldId }] : [],
  );

function listDemandedValues(site: JiraSite, transition: Transition): Record<string, unknown> {
  const demanded = listDemandedFields(transition);
  return demanded.length === 0 ? {} : toFieldValues(site, demanded, site.settings.fields);
}

/** Demanded fields that would stay empty. A resolution is chosen from what the transition offers. */
export function listFieldsWithoutValue(site: JiraSite, transition: Transition) {
  const values = listDemandedValues(site, transition);
  return listDemandedFields(transition).filter(
    ({ fieldId, allowedValues }) => !(fieldId in values) && (fieldId !== 'resolution' || allowedValues.length === 0),
  );
}

/** An optional change, which may be refused. */
export const unlessRefused = <Result>(change: Promise<Result>): Promise<Result | null> =>
  kit.recover(change, kit.isRefused, null);
