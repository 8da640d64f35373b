import { AppError } from '#domain/base/errors.ts';
import type { HealthJson } from '#domain/json/settings-json.ts';
import { directoryOf } from '../env.ts';
import { findWorkspace, type HonoContext, unwrap } from './workspace-access.ts';

const noWrites = 'the store takes no writes: look at the disk and at the log';

const listTroubles = (c: HonoContext): Promise<string[]> =>
  directoryOf(c.env)
    .listTroubles()
    .catch(() => [noWrites]);

/** What is said of a failure that nobody foresaw: a full disk has a remedy. */
export async function explainFailure(c: HonoContext): Promise<AppError> {
  if (!(await listTroubles(c)).includes(noWrites))
    return new AppError('config', 'Something went wrong here; it was logged.');
  const why = 'the disk is full or may not be written to';
  return new AppError(
    'unavailable',
    `Nothing can be stored now: ${why}. Ask the operator of Caselite to make space or to change the permissions, then try again.`,
  );
}

/** Whether the store takes writes, alarms run, and no workspace lags. Each trouble is named. */
export async function showReadiness(c: HonoContext): Promise<Response> {
  const troubles = await listTroubles(c);
  return c.json({ ready: troubles.length === 0, troubles }, troubles.length === 0 ? 200 : 503);
}

/** All workspaces in Prometheus' text format 0.0.4. */
export async function showMetrics(c: HonoContext): Promise<Response> {
  const names = unwrap(await directoryOf(c.env).list());
  const health = await Promise.all(
    names.map(async (name): Promise<[string, HealthJson | null]> => {
      const read = async () => (await findWorkspace(c, name, { kind: 'program' }))?.health();
      // One that fails is down, and hides none of the others.
      return [name, (await read().catch(() => null)) ?? null];
    }),
  );
  return c.body(formatMetrics(new Map(health)), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
}

type Sample = { labels: Record<string, string>; value: number };

const metrics: { name: string; type: 'gauge' | 'counter'; help: string; samples(health: HealthJson): Sample[] }[] = [
  gauge('lag_seconds', 'How long the oldest due work has waited', ({ lagSeconds: value }) => [{ labels: {}, value }]),
  {
    name: 'received_total',
    type: 'counter',
    help: 'Deliveries, responses, cases and mails since the beginning',
    samples: ({ deliveries, totals }) => byLabel('what', { deliveries: deliveries.total, ...totals }),
  },
  gauge('deliveries', 'Deliveries that wait or were set aside', ({ deliveries: { waiting, setAside } }) =>
    byLabel('state', { waiting, 'set-aside': setAside }),
  ),
  gauge('cases', 'Cases by what they need', ({ cases: { needsPerson, ...cases } }) =>
    byLabel('state', { ...cases, 'needs-person': needsPerson }),
  ),
  gauge('calls', 'Calls that wait, or whose answer is unknown, by queue', ({ queues }) =>
    queues.flatMap(({ queue, waiting, unknown }) =>
      byLabel('state', { waiting, unknown }).map(({ labels, value }) => ({ labels: { queue, ...labels }, value })),
    ),
  ),
  gauge('queue_paused', 'Whether the credentials of a queue are refused', ({ queues }) =>
    queues.map(({ queue, pausedSince }) => ({ labels: { queue }, value: pausedSince === null ? 0 : 1 })),
  ),
];

function gauge(name: string, help: string, samples: (health: HealthJson) => Sample[]) {
  return { name, type: 'gauge' as const, help, samples };
}

function byLabel(label: string, values: Record<string, number>): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

/** A workspace that gives no answer has `caselite_up` 0 and nothing else. */
export function formatMetrics(workspaces: Map<string, HealthJson | null>): string {
  const line = (name: string, labels: Record<string, string>, value: number) =>
    `caselite_${name}{${Object.entries(labels)
      .map(([label, text]) => `${label}="${text.replaceAll(/[\\"\n]/g, '')}"`)
      .join(',')}} ${value}`;
  const head = (name: string, type: string, help: string) => [
    `# HELP caselite_${name} ${help}`,
    `# TYPE caselite_${name} ${type}`,
  ];
  const up = [...workspaces].map(([workspace, health]) => line('up', { workspace }, health ? 1 : 0));
  const others = metrics.flatMap(({ name, type, help, samples }) => [
    ...head(name, type, help),
    ...[...workspaces].flatMap(([workspace, health]) =>
      health ? samples(health).map(({ labels, value }) => line(name, { workspace, ...labels }, value)) : [],
    ),
  ]);
  return `${[...head('up', 'gauge', 'Whether the workspace answers'), ...up, ...others].join('\n')}\n`;
}
