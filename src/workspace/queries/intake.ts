import { AppError } from '#domain/base/errors.ts';
import type { DeliveryDetail, QuestionJson, SourceDetail, SourceJson } from '#domain/json/intake-json.ts';
import { collectQuestionAliases } from '#domain/responses/condition.ts';
import type { SourceSettings } from '#domain/settings/workspace-file.ts';
import { historyMs, silenceLimitMs } from '#domain/time/silence.ts';
import { hourMs, isoText, isoTextOrNull } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { queueOfSource } from '../queues/source-queue.ts';
import { countSetAsideBySource, findDelivery, deliveryTimesOf } from '../store/deliveries.ts';
import { countBackFilledResponses, formsOf, newestBackFillRuns } from '../store/forms.ts';
import { queueBacklogOf } from '../store/outbox.ts';
import { questionChanges, questionsOf } from '../store/questions.ts';
import { countResponsesAfter, incomingCodec } from '../store/responses.ts';
import { findSource, listSources, type SourceState } from '../store/sources.ts';
import { deliveryJson } from './serializers.ts';

const mostShown = 64 * 1024;
const mostChanges = 50;
const mostBackFillsShown = 20;

export function readDeliveryDetail(core: Core, id: string): DeliveryDetail {
  const delivery = findDelivery(core.sql, id);
  if (!delivery) throw new AppError('not-found', 'There is no such delivery.');
  const { body, headers, fetched, tries, replays } = delivery;
  return {
    ...deliveryJson(delivery),
    contentType: headers['content-type'] ?? null,
    text: new TextDecoder().decode(body.subarray(0, mostShown)),
    isCut: body.byteLength > mostShown,
    fetched: fetched && String(incomingCodec.store(fetched)).slice(0, mostShown),
    tries,
    replays,
  };
}

/** Every source that is or was in use, by name. */
export function sourcesJson(core: Core): SourceJson[] {
  const setAside = countSetAsideBySource(core.sql);
  return listSources(core.sql).map((state) => sourceJson(core, state, setAside.get(state.name) ?? 0));
}

function sourceJson(core: Core, state: SourceState, setAside: number): SourceJson {
  const { name, lastDeliveryAt, silenceNotifiedAt } = state;
  const settings = core.settings.workspace.sources[name];
  const limit = lastDeliveryAt === null ? null : silenceLimitMs(deliveryTimesOf(core.sql, name, lastDeliveryAt - historyMs));
  const { waiting, error } = queueBacklogOf(core.sql, queueOfSource(name));
  const [walk] = newestBackFillRuns(core.sql, name, 1);
  const known = core.integrations.source(name);
  const quiet = silenceNotifiedAt === null ? 'in use' : 'silent';
  return {
    name,
    kind: settings?.kind ?? (state.settings as Partial<SourceSettings>).kind ?? null,
    state: settings ? (settings.paused ? 'paused' : quiet) : 'removed',
    lastDeliveryAt: isoTextOrNull(lastDeliveryAt),
    quietLimitHours: limit === null ? null : Math.round(limit / hourMs),
    setAside,
    found: countBackFilledResponses(core.sql, name),
    waiting,
    trouble: error ?? walk?.error ?? null,
    canBackFill: known?.hasApi === true && !known.removed && !known.paused,
    withoutBackFill: known && !known.removed ? known.adviceWithoutBackFill : null,
  };
}

/** One source with its questions, their changes, and the results of back-fills. */
export function readSourceDetail(core: Core, name: string): SourceDetail {
  const state = findSource(core.sql, name);
  if (!state) throw new AppError('not-found', 'There is no such source.');
  const aliases = Object.entries(core.settings.workspace.sources[name]?.questions ?? {});
  const uses = templatesByAlias(core, name);
  const templatesUsingAlias = (alias: string) => [...(uses.get(alias) ?? [])].sort();
  const forms = formsOf(core.sql, name).map(({ form, title, watermark, describedAt, error }) => ({
    form,
    title,
    watermark: isoText(watermark),
    describedAt: isoTextOrNull(describedAt),
    error,
    questions: [...questionsOf(core.sql, name, form).values()].map((question): QuestionJson => {
      const names = [question.id, ...question.names];
      const own = aliases.filter(([, named]) => names.includes(named)).map(([alias]) => alias);
      return {
        id: question.id,
        title: question.title,
        type: question.type,
        alias: own.join(', ') || null,
        templates: [...new Set(own.flatMap(templatesUsingAlias))].sort(),
        choices: question.choices.map(({ text, firstSeen }) => ({ text, firstSeen: isoText(firstSeen) })),
        firstSeen: isoText(question.firstSeen),
        lastSeen: isoText(question.lastSeen),
        goneSince: isoTextOrNull(question.goneSince),
        responsesSince: countResponsesAfter(core.sql, name, form, question.lastSeen),
      };
    }),
    changes: questionChanges(core.sql, name, form, mostChanges).map((change) => ({
      ...change,
      at: isoText(change.at),
    })),
  }));
  const carried = new Set(forms.flatMap(({ questions }) => questions.flatMap(({ alias }) => alias?.split(', ') ?? [])));
  const given = new Set(aliases.map(([alias]) => alias));
  const setAside = countSetAsideBySource(core.sql).get(name) ?? 0;
  return {
    ...sourceJson(core, state, setAside),
    forms,
    lostAliases: aliases
      .filter(([alias]) => forms.length > 0 && !carried.has(alias))
      .map(([alias, question]) => ({ alias, question, templates: templatesUsingAlias(alias) })),
    unknownAliases: [...uses.keys()]
      .filter((alias) => !given.has(alias))
      .map((alias) => ({ alias, templates: templatesUsingAlias(alias) })),
    walks: newestBackFillRuns(core.sql, name, mostBackFillsShown).map((walk) => ({
      form: walk.form,
      since: isoText(walk.since),
      startedAt: isoText(walk.startedAt),
      endedAt: isoTextOrNull(walk.endedAt),
      seen: walk.seen,
      found: walk.found,
      error: walk.error,
    })),
  };
}

/** Templates by the aliases of a source that they use. */
function templatesByAlias(core: Core, source: string): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  for (const [name, { when }] of core.settings.templates) {
    if (!when.source.includes(source) || !when.condition) continue;
    for (const alias of collectQuestionAliases(when.condition)) uses.set(alias, new Set([...(uses.get(alias) ?? []), name]));
  }
  return uses;
}
