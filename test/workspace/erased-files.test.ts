import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { startStack } from '#src/cli/stack.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { snooze } from '#src/workspace/cases/acknowledge.ts';
import { setClockPaused } from '#src/workspace/cases/case-clock.ts';
import { invite } from '#src/workspace/cases/contributors.ts';
import { setWhatChanged } from '#src/workspace/loop/notify-affected-customers.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { createVolatileStore } from '#test/harness/volatile-store.ts';
import { storedLines } from '#test/workspace/store/rows.ts';
import { sendSampleDeliveries } from '#tools/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'caselite-erased-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const traces = ['zyzzyva', 'erasmus@customer.example', 'erasmus-key-7'];

/** Forms in which a text may stand in a file: as it is, in UTF-16, in base64 at any offset, in hex, and URL-encoded. */
function encodings(text: string): Buffer[] {
  const utf8 = Buffer.from(text);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), utf8])
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 1, -4),
  );
  const forms = [text, encodeURIComponent(text), utf8.toString('hex'), ...base64];
  return [...forms.map((form) => Buffer.from(form)), Buffer.from(text, 'utf16le')];
}

/** Texts that stand in a file of the folder, in any of these forms. */
function findTraces(folder: string, traces: string[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ parentPath, name: file }) => {
    const bytes = Buffer.from(readFileSync(join(parentPath, file)).toString('latin1').toLowerCase(), 'latin1');
    return traces.flatMap((text) =>
      encodings(text).some((form) => bytes.includes(Buffer.from(form.toString('latin1').toLowerCase(), 'latin1')))
        ? [`${file}: ${text}`]
        : [],
    );
  });
}

/** Has the team write about the person wherever it can. */
function letStaffWrite(harness: Harness): void {
  const { core } = harness;
  const { id } = harness.case();
  const about = 'Erasmus Zyzzyva wants it';
  harness.sql.transaction(() => {
    snooze(core, id, { ms: hour, why: about, who: 'dana' });
    setClockPaused(core, id, true, 'dana', about);
    setClockPaused(core, id, false, 'dana', about);
    invite(core, id, { name: 'Lee', email: 'lee@partner.example', who: 'dana' });
    setWhatChanged(core, id, { text: about, who: 'dana' });
    writeToCustomer(core, id, { subject: about, text: about, who: 'dana' });
  });
}

describe('the files of a workspace', () => {
  it('hold no trace of an erased person in any page, also not in free parts (security 8)', async () => {
    const database = new DatabaseSync(join(folder, 'workspace.sqlite'));
    database.exec('PRAGMA journal_mode = WAL');
    const harness = new Harness(slowAcme(), createVolatileStore(database));
    const many = Array.from({ length: 60 }, (_, index) => ({
      token: `r-${index}`,
      customer: index % 3 === 0 ? 'erasmus-key-7' : `k-${index}`,
      email: index % 3 === 0 ? 'erasmus@customer.example' : `k-${index}@customer.example`,
      name: index % 3 === 0 ? 'Erasmus Zyzzyva' : 'Ada',
      completed: index % 2 === 0,
      wish: index % 3 === 0 ? `Zyzzyva ${'wants more of it. '.repeat(index * 20)}` : 'more',
    }));
    for (const response of many) await harness.receive(response);
    letStaffWrite(harness);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    harness.store.commit();
    expect(new Set(findTraces(folder, traces).map((line) => line.replace(/.*: /, '')))).toEqual(new Set(traces));
    expect(storedLines(harness.sql).filter((line) => line.includes('Zyzzyva wants it')).length).toBeGreaterThan(5);
    const responses = harness.responses().length;
    const rows = harness.outbox().length;
    harness.sql.transaction(() => erasePerson(harness.core, 'erasmus-key-7', 'dana'));
    expect(storedLines(harness.sql).filter((line) => /zyzzyva|erasmus/i.test(line))).toEqual([]);
    await harness.pass(hour);
    harness.store.commit();
    expect(findTraces(folder, traces)).toEqual([]);
    expect(harness.responses()).toHaveLength(responses);
    expect(harness.outbox().length).toBeGreaterThanOrEqual(rows);
    expect(harness.log).toEqual([]);
    database.close();
    expect(findTraces(folder, traces)).toEqual([]);
  });

  it('hold none in the runtime that the start command starts', { timeout: 180_000 }, async () => {
    const data = mkdtempSync(join(tmpdir(), 'caselite-erased-start-'));
    const stack = await startStack({
      folder: new DataFolder(data),
      workspaceFilePath: join(projectRoot, 'templates', 'workspaces', 'acme-tour.yaml'),
      port: await findFreeTcpPort(),
      emulators: true,
    });
    const ofGold = ['cust-1042', 'ines@harbour-logistics.example', 'Inês Duarte'];
    const objects = join(data, 'objects');
    try {
      await sendSampleDeliveries(stack);
      const { client } = stack;
      const caseJson = await until('the case', async () =>
        (await client.list('cases')).find(({ customer, issue }) => customer.key === 'cust-1042' && issue),
      );
      await client.call('POST cases/:id/contacted', { id: caseJson.id }, { how: 'Inês Duarte was rung', who: 'dana' });
      expect(findTraces(objects, ofGold).length).toBeGreaterThan(2);
      await client.call('POST people-data/erase', {}, { person: 'cust-1042' });
      await until('files without a trace', async () => findTraces(objects, ofGold).length === 0 || null, 90_000);
      expect((await client.list('cases')).length).toBeGreaterThan(1);
    } finally {
      await stack.stop();
    }
    expect(findTraces(objects, ofGold)).toEqual([]);
    rmSync(data, { recursive: true });
  });
});
