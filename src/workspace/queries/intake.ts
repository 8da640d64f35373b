import { storeRefusedDeliveries } from '../intake/receive.ts';
import { mapAliasesToTemplates } from '../intake/unread-answers.ts';
import { type Core, cut, demandFound, feedback, json, type Page, type SourceSettings, store, timing } from '../kit.ts';
import { listHookStates } from '../queues/hooks.ts';
import { queueOfSource } from '../queues/outbox-kind.ts';
import { listResponsesById, type PageQuery, pageOf, toDeliveryJson } from './serializers.ts';

const mostDeliveryBytesShown = 64 * 1024;
const [mostUnansweredShown, mostQuestionChangesShown, mostBackFillsShown] = [100, 50, 20];

export function readDeliveryDetail(core: Core, id: string): json.DeliveryDetail {
  const delivery = demandFound(store.deliveries.find(core.sql, { id }), 'There is no such delivery.');
  const { body, headers, fetched, tries, replays } = delivery;
  return {
    ...toDeliveryJson(delivery),
    contentType: headers['content-type'] ?? null,
    text: new TextDecoder().decode(body.subarray(0, mostDeliveryBytesShown)),
    isCut: body.byteLength > mostDeliveryBytesShown,
    fetched: fetched && cut(String(store.incomingCodec.store(fetched)), mostDeliveryBytesShown, ''),
    tries,
    replays,
  };
}

/** Every source that is or was in use, by name. */
export function listSourcesJson(core: Core): json.SourceJson[] {
  storeRefusedDeliveries(core);
  const setAside = store.countSetAsideBySource(core.sql);
  return store.sources.list(core.sql, {}).map((state) => buildSourceJson(core, state, setAside.get(state.name) ?? 0));
}

function buildSourceJson(core: Core, state: store.SourceState, setAside: number): json.SourceJson {
  const { name, lastDeliveryAt, silenceNotifiedAt } = state;
  const settings = core.settings.workspace.sources[name];
  const times =
    lastDeliveryAt === null ? [] : store.listDeliveryTimes(core.sql, name, lastDeliveryAt - timing.historyMs);
  const limit = timing.computeSilenceLimitMs(times);
  const { waiting, error } = store.readQueueBacklog(core.sql, queueOfSource(name));
  const [walk] = store.backFillRuns.list(core.sql, { source: name }, 1);
  const known = core.integrations.source(name);
  const quiet = silenceNotifiedAt === null ? 'in use' : 'silent';
  return {
    name,
    kind: settings?.kind ?? (state.settings as Partial<SourceSettings>).kind ?? null,
    address: `${core.publicUrl}/hooks/${core.workspace}/${name}`,
    mailAddress: known?.takesMail
      ? `${core.workspace}.${name}@${core.settings.workspace.inbound?.domain ?? 'YOUR-DOMAIN'}`
      : null,
    state: settings ? (settings.paused ? 'paused' : quiet) : 'removed',
    lastDeliveryAt: timing.toIsoTextOrNull(lastDeliveryAt),
    quietLimitHours: limit === null ? null : Math.round(limit / timing.hourMs),
    setAside,
    found: store.deliveries.count(core.sql, { source: name, via: 'back-fill', line: null }),
    waiting,
    trouble: store.findQueue(core.sql, queueOfSource(name)).pausedWhy ?? error ?? walk?.error ?? null,
    refused: store
      .listRefusedDeliveries(core.sql, name, core.clock.now() - timing.dayMs)
      .map((row) => json.presentFields(json.SourceJson.shape.refused.element, row)),
    hooks: listHookStates(core, queueOfSource(name)),
    hooksNeed: known && !known.removed ? known.hooksNeed : null,
    canBackFill: known?.hasApi === true && !known.removed && !known.paused,
    takesFiles: Boolean(known?.readFile) && !known?.removed && !known?.paused,
    withoutBackFill: known && !known.removed ? known.adviceWithoutBackFill : null,
  };
}

/** One source with its questions, their changes, and the results of back-fills. */
export function readSourceDetail(core: Core, name: string): json.SourceDetail {
  const state = demandFound(store.sources.find(core.sql, { name }), 'There is no such source.');
  storeRefusedDeliveries(core);
  const aliases = Object.entries(core.settings.workspace.sources[name]?.questions ?? {});
  const uses = mapAliasesToTemplates(core, name);
  const listTemplatesUsingAlias = (alias: string) => [...(uses.get(alias) ?? [])].sort();
  const forms = store.forms.list(core.sql, { source: name }).map(({ form, ...state }) => ({
    ...json.presentFields(json.FormJson, state),
    form,
    questions: [...store.questionsOf(core.sql, name, form).values()].map((question, _, all): json.QuestionJson => {
      const names = [question.id, ...question.names];
      const at = question.lastAnsweredAt;
      const unanswered = { source: name, form, question: question.id, at, most: mostUnansweredShown };
      const own = aliases.filter(([, named]) => names.includes(named)).map(([alias]) => alias);
      const successor = own.length > 0 ? feedback.findSuccessor(question, all) : null;
      return {
        ...json.presentFields(json.QuestionJson, question),
        alias: own.join(', ') || null,
        templates: [...new Set(own.flatMap(listTemplatesUsingAlias))].sort(),
        choices: question.choices.map(({ text, firstSeen }) => ({ text, firstSeen: timing.toIsoText(firstSeen) })),
        lastSeen: timing.toIsoText(at),
        name: feedback.preferredNameOf(question),
        successor: successor && feedback.preferredNameOf(successor),
        responsesSince: store.countResponsesWithoutAnswer(core.sql, unanswered),
      };
    }),
    changes: store.questionChanges
      .list(core.sql, { source: name, form }, mostQuestionChangesShown)
      .map((change) => json.presentFields(json.FormJson.shape.changes.element, change)),
  }));
  const carried = new Set(forms.flatMap(({ questions }) => questions.flatMap(({ alias }) => alias?.split(', ') ?? [])));
  const given = new Set(aliases.map(([alias]) => alias));
  const setAside = store.countSetAsideBySource(core.sql).get(name) ?? 0;
  return {
    ...buildSourceJson(core, state, setAside),
    settingsVersion: core.settings.version,
    forms,
    lostAliases: aliases
      .filter(([alias]) => forms.length > 0 && !carried.has(alias))
      .map(([alias, question]) => ({ alias, question, templates: listTemplatesUsingAlias(alias) })),
    unknownAliases: [...uses.keys()]
      .filter((alias) => !given.has(alias))
      .map((alias) => ({ alias, templates: listTemplatesUsingAlias(alias) })),
    walks: store.backFillRuns
      .list(core.sql, { source: name }, mostBackFillsShown)
      .map((walk) => json.presentFields(json.SourceDetail.shape.walks.element, walk)),
  };
}

export const listTriageJson = (core: Core, query: PageQuery): Page<json.TriageJson> =>
  pageOf(
    query,
    (before, limit) => store.triage.page(core.sql, { dismissedAt: null }, limit, before),
    ({ kind, why, at, responseId }) => {
      const [response] = listResponsesById(core, [responseId]);
      return response ? { kind, why, at: timing.toIsoText(at), response } : null;
    },
  );
