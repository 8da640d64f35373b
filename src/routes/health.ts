import type { HealthJson } from '#domain/json/settings-json.ts';
import * as web from './kit.ts';

const noWrites = 'the store takes no writes: look at the disk and at the log';

const listTroubles = (c: web.HonoContext): Promise<string[]> =>
  web
    .directoryOf(c.env)
    .listTroubles()
    .catch(() => [noWrites]);

/** What is said of a failure that nobody foresaw: a full disk has a remedy. */
export async function explainFailure(c: web.HonoContext): Promise<web.AppError> {
  if (!(await listTroubles(c)).includes(noWrites))
    return new web.AppError('config', 'Something went wrong here; it was logged.');
  const why = 'the disk is full or may not be written to';
  return new web.AppError(
    'unavailable',
    `Nothing can be stored now: ${why}. Ask the operator of Caselite to make space or to change the permissions, then try again.`,
  );
}

/** Whether the store takes writes, alarms run, and no workspace lags. Each trouble is named. */
export async function showReadiness(c: web.HonoContext): Promise<Response> {
  const troubles = await listTroubles(c);
  return c.json({ ready: troubles.length === 0, troubles }, troubles.length === 0 ? 200 : 503);
}

/** All workspaces in Prometheus' text format 0.0.4. */
export async function showMetrics(c: web.HonoContext): Promise<Response> {
  const names = web.unwrap(await web.directoryOf(c.env).list());
  const health = await Promise.all(
    names.map(async (name): Promise<[string, HealthJson | null]> => {
      const read = async () => (await web.findWorkspace(c, name, { kind: 'program' }))?.health();
      // One that fails is down, and hides none of the others.
      return [name, (await read().catch(() => null)) ?? null];
    }),
  );
  return c.body(formatMetrics(new Map(health)), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
}

/** What each metric tells. A name that ends in `_total` counts; all others are gauges. */
const helps = {
  up: 'Whether the workspace answers',
  lag_seconds: 'How long the oldest due work has waited',
  received_total: 'Deliveries, responses, cases and mails since the beginning',
  deliveries: 'Deliveries that wait or were set aside',
  cases: 'Cases by what they need',
  calls: 'Calls that wait, or whose answer is unknown, by queue',
  queue_paused: 'Whether the credentials of a queue are refused',
};

type Sample = [name: keyof typeof helps, value: number, labels?: Record<string, string>];

function listSamples({ lagSeconds, deliveries, totals, cases, queues }: HealthJson): Sample[] {
  const { needsPerson, ...others } = cases;
  const by = (name: Sample[0], label: string, values: Record<string, number>, more = {}) =>
    Object.entries(values).map(([own, value]): Sample => [name, value, { ...more, [label]: own }]);
  return [
    ['up', 1],
    ['lag_seconds', lagSeconds],
    ...by('received_total', 'what', { deliveries: deliveries.total, ...totals }),
    ...by('deliveries', 'state', { waiting: deliveries.waiting, 'set-aside': deliveries.setAside }),
    ...by('cases', 'state', { ...others, 'needs-person': needsPerson }),
    ...queues.flatMap(({ queue, waiting, unknown }) => by('calls', 'state', { waiting, unknown }, { queue })),
    ...queues.map(({ queue, pausedSince }): Sample => ['queue_paused', pausedSince === null ? 0 : 1, { queue }]),
  ];
}

/** A workspace that gives no answer has `caselite_up` 0 and nothing else. */
export function formatMetrics(workspaces: Map<string, HealthJson | null>): string {
  const samples = [...workspaces].flatMap(([workspace, health]) =>
    (health ? listSamples(health) : ([['up', 0]] satisfies Sample[])).map(([name, value, labels]): Required<Sample> => {
      return [name, value, { workspace, ...labels }];
    }),
  );
  const line = ([name, value, labels]: Required<Sample>) => {
    const named = Object.entries(labels).map(([label, text]) => `${label}="${text.replaceAll(/[\\"\n]/g, '')}"`);
    return `caselite_${name}{${named.join(',')}} ${value}`;
  };
  const lines = Object.entries(helps).flatMap(([name, help]) => [
    `# HELP caselite_${name} ${help}`,
    `# TYPE caselite_${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}`,
    ...samples.filter(([own]) => own === name).map(line),
  ]);
  return `${lines.join('\n')}\n`;
}
