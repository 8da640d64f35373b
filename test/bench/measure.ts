import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '#src/cli/connect.ts';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { startStack } from '#src/cli/stack.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { projectRoot, readWorkspaceFiles } from '#src/cli/workspace-files.ts';
import { buildSecretVariableName, listNamedSecrets } from '#src/wiring.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import { fillFile } from '#test/workspace/store/fill-store.ts';

/* What the benches share: deliveries, processor time, and how figures are printed. */

type Row = Record<string, string | number>;

/** Prints the figures as a table for people and as a line of JSON for programs. */
export function printTable(bench: string, table: Row[], more: Record<string, unknown> = {}): void {
  console.table(table);
  console.log(JSON.stringify({ bench, table, ...more }));
}

let made = 0;

/** A response of the upgrade survey with a body and a customer of its own; an unhappy one opens a case in Jira. */
function createBody({ isUnhappy = false } = {}): Uint8Array<ArrayBuffer> {
  made += 1;
  const answers = { token: `bench-${made}`, customer: `k-${made}`, completed: !isUnhappy, ease: 9 };
  return encodeTypeform({ ...answers, hidden: { note: 'x'.repeat(900) } }, Date.now());
}

/** A whole HTTP request that delivers such a response, signed as Typeform signs. */
export function createRequest({ port, path, secret }: { port: number; path: string; secret: string }): Buffer {
  const body = createBody();
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    'user-agent: Typeform Webhooks',
    `typeform-signature: ${sign(body, secret)}`,
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

const sign = (body: Uint8Array, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('base64')}`;

/**
 * Caselite with emulated trackers and inbox in a folder of its own, on this machine alone: Acme and as many workspaces
 * like it as wanted, each with so many stored responses.
 */
export async function startLocalStack({ workspaces = 1, stored = 0 } = {}) {
  const path = mkdtempSync(join(tmpdir(), 'caselite-bench-'));
  const folder = new DataFolder(join(path, 'caselite'));
  const workspaceFilePath = join(projectRoot, 'templates', 'workspaces', 'acme.yaml');
  const { files, workspace } = readWorkspaceFiles(workspaceFilePath);
  const names = Array.from({ length: workspaces - 1 }, (_, index) => `acme-${index + 1}`);
  const named = [...listNamedSecrets(workspace).map(({ name }) => name), 'API_TOKEN'];
  const own = folder.secrets(
    named.map((name) => buildSecretVariableName('acme', name)),
    {},
  );
  const secretOf = (name: string) => own.get(buildSecretVariableName('acme', name)) ?? '';
  // All have the same secrets.
  const copies = names.flatMap((of) => named.map((name) => [buildSecretVariableName(of, name), secretOf(name)]));
  folder.writeJson('secrets.json', { ...folder.readJson<object>('secrets.json'), ...Object.fromEntries(copies) });
  const start = async () => startStack({ folder, workspaceFilePath, port: await findFreeTcpPort(), emulators: true });
  let stack = await start();
  for (const name of names) {
    const client = new Client({ url: stack.run.url, workspace: name, token: secretOf('API_TOKEN') });
    const rename = (text: string) => text.replace(/^workspace: acme$/m, `workspace: ${name}`);
    const renamed = files.map((file) => ({ ...file, text: rename(file.text) }));
    await client.call('PUT settings', {}, { files: renamed, base: null, author: 'the bench' });
  }
  if (stored > 0) {
    await stack.stop();
    storeResponses(folder, stored);
    stack = await start();
  }
  const secret = secretOf('TYPEFORM_SECRET');
  const deliver = async (isUnhappy: boolean): Promise<void> => {
    const body = createBody({ isUnhappy });
    const headers = { 'content-type': 'application/json', 'typeform-signature': sign(body, secret) };
    const { status } = await fetch(`${stack.run.url}/hooks/acme/upgrade-survey`, { method: 'POST', headers, body });
    if (status !== 202) throw new Error(`a delivery was answered with ${status}`);
  };
  return {
    stack,
    path,
    secret,
    /** Where each workspace takes deliveries. */
    paths: ['acme', ...names].map((name) => `/hooks/${name}/upgrade-survey`),
    deliver: () => deliver(false),
    /** Delivers an unhappy response, and waits for its acknowledgement. */
    alert: () => deliver(true),
    /** Waits until everything delivered was judged, and every call has left. */
    waitUntilIdle: () =>
      until(
        'nothing waits',
        async () => {
          const { deliveries, queues } = await stack.client.call('GET health', {});
          return deliveries.waiting === 0 && queues.every(({ waiting }) => waiting === 0);
        },
        300_000,
      ),
    async stop(): Promise<void> {
      await stack.stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function storeResponses(folder: DataFolder, responses: number): void {
  for (const name of readdirSync(folder.file('objects'), { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.sqlite'))
      fillFile(folder.file('objects', name), { customers: Math.ceil(responses / 10), responses, cases: 0 }, Date.now());
}

/** Processor time of a process so far, in milliseconds; the kernel counts in hundredths of a second. */
export function readCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of a process and its peak, in MiB. */
export function readMemory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

export function quantile(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (numbers: number[]): number => quantile(numbers, 0.5);

/** To two digits behind the point. */
export const round = (value: number): number => Math.round(value * 100) / 100;
