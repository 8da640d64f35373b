import type { HealthJson } from '#domain/json/settings-json.ts';
import { directoryOf } from '../env.ts';
import { attempt, findWorkspace, type HonoContext, unwrap } from './workspace-access.ts';

/** Whether the store takes writes, alarms run, and no workspace lags. Each trouble is named. */
export async function showReadiness(c: HonoContext): Promise<Response> {
  const troubles = await directoryOf(c.env)
    .listTroubles()
    .catch(() => ['the store takes no writes: look at the disk and at the log']);
  return c.json({ ready: troubles.length === 0, troubles }, troubles.length === 0 ? 200 : 503);
}

/** All workspaces in Prometheus' text format 0.0.4. */
export async function showMetrics(c: HonoContext): Promise<Response> {
  const names = unwrap(await directoryOf(c.env).list());
  const health = await Promise.all(
    names.map(async (name): Promise<[string, HealthJson | null]> => {
      const workspace = await findWorkspace(c, name, { kind: 'program' });
      const health = workspace && (await attempt(workspace.health()));
      return [name, health?.ok ? health.value : null];
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
