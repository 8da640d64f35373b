import { doTransition, getTransitions } from 'jira.js/cloud';
import { relabelErrorBeforeWrite } from '#adapters/outcomes.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import { slug } from '#domain/cases/label.ts';
import type { IssueClosure, StatusEdit } from '#domain/integrations/issue.ts';

import type { Reading } from './read.ts';
import { type JiraIssue, nothing, type Transition, transitionListSchema } from './schema.ts';
import type { JiraSite } from './site.ts';
import { isDone, resolutionsByClosureKind } from './snapshot.ts';

const maxAttempts = 3;

export interface Way {
  transition: Transition;
  resolution?: string;
}

/** Chooses a transition, or refuses. */
type Choose = (transitions: Transition[]) => Way;

/** Moves issues between states, along the transitions of the project's workflow. */
export function createIssueMover({ read, write }: JiraSite, reading: Reading) {
  async function readTransitions(issueIdOrKey: string): Promise<Transition[]> {
    const { transitions } = await read('jira read transitions', transitionListSchema, (client) =>
      getTransitions(client, { issueIdOrKey, expand: 'transitions.fields' }),
    );
    return transitions;
  }

  function pass(issueIdOrKey: string, transition: Transition, resolution?: string): Promise<undefined> {
    return write('jira transition', nothing, (client) =>
      doTransition(client, {
        issueIdOrKey,
        transition: { id: transition.id },
        ...(resolution ? { fields: { resolution: { name: resolution } } } : {}),
      }),
    );
  }

  /**
   * Moves an issue to a state. Jira answers 409 when somebody moves it at the same moment: it may be there already, and
   * otherwise the transitions of its new state are read again.
   */
  async function move(issue: JiraIssue, isInWantedState: (issue: JiraIssue) => boolean, choose: Choose): Promise<Way> {
    for (let attempt = 1; ; attempt += 1) {
      const way = choose(await relabelErrorBeforeWrite(readTransitions(issue.id)));
      try {
        await pass(issue.id, way.transition, way.resolution);
        return way;
      } catch (error) {
        if (!(error instanceof IntegrationError) || error.status !== 409 || attempt === maxAttempts) throw error;
        if (isInWantedState(await reading.demand(issue.id))) return way;
      }
    }
  }

  /** @returns whether the issue is in a state with that status */
  async function moveTo(id: string, { names, acceptsInitialState: isPlain }: StatusEdit): Promise<boolean> {
    const issue = await relabelErrorBeforeWrite(reading.demand(id));
    if (isDone(issue)) return false;
    const choose = (all: Transition[]) => {
      const open = all.filter(({ to }) => to.statusCategory.key !== 'done');
      const named = names.flatMap((name) => open.filter(({ to }) => slug(to.name) === slug(name)));
      return named[0] ?? (isPlain ? filterTransitionsByCategory(open, 'new')[0] : undefined);
    };
    const isInWantedState = ({ fields }: JiraIssue) => names.some((name) => slug(name) === slug(fields.status.name));
    if (isInWantedState(issue)) return true;
    const way = (all: Transition[]): Way => {
      const transition = choose(all);
      if (transition) return { transition };
      throw new IntegrationError('rejected', 'jira change status', { detail: 'no transition leads there' });
    };
    return move(issue, isInWantedState, way).then(
      () => true,
      // A workflow may demand more than a status; a label then carries it.
      (error: unknown) => {
        refused(error);
        return false;
      },
    );
  }

  return { move, moveTo };
}

/** Transitions to a state of this category. */
export const filterTransitionsByCategory = (transitions: Transition[], category: string): Transition[] =>
  transitions.filter(({ to }) => to.statusCategory.key === category);

/** A transition with the most specific resolution that its screen offers. */
export function addBestResolution(transition: Transition, kind: IssueClosure['kind']): Way {
  const offered = transition.fields.resolution?.allowedValues.map(({ name }) => name) ?? [];
  const resolution = resolutionsByClosureKind[kind].find((name) => offered.includes(name));
  return resolution ? { transition, resolution } : { transition };
}

/** For optional changes: ignores a refusal, and passes on any other failure. */
export function refused(error: unknown): void {
  if (!(error instanceof IntegrationError) || error.code !== 'rejected') throw error;
}
