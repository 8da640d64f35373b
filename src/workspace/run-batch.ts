import { longestTurnMs } from '#domain/base/steps.ts';
import { type Core, store } from './kit.ts';

/** Deaths of the process with a member alone at work before it is set aside: a restart may fall into the work too. */
const mostDeaths = 3;

/** Members after which deliveries that wait at the door go first. */
const membersPerTurn = 4;

type Ports = Pick<Core, 'sql' | 'durability' | 'clock' | 'giveWay'>;

/** Due work of one kind. Its members are known by their row numbers. */
export interface Batch {
  name: string;
  list(): number[];
  work(member: number): void | Promise<void>;
  setAside(member: number): void;
}

/**
 * Works on a batch, with turns for others in between. Its members are stored before the work begins, so that they are known after a death of the process:
 * then the batch is halved until the member that stops the process is alone, and is set aside. Of one name, one batch
 * runs at a time, so that a stored run ended with its process.
 */
export async function runBatch(core: Ports, batch: Batch): Promise<void> {
  const { name } = batch;
  if (batch.list().length === 0 && !store.runs.has(core.sql, { name })) return;
  await core.giveWay();
  let { members, size, deaths } = resumeRun(core, batch) ?? startRun(batch.list());
  try {
    while (members.length > 0) {
      size = Math.min(size, members.length);
      store.runs.put(core.sql, { name, members, size, deaths });
      await core.durability.sync();
      let since = core.clock.now();
      for (const [index, member] of members.slice(0, size).entries()) {
        if (index > 0 && index % membersPerTurn === 0) await core.giveWay();
        await batch.work(member);
        if (core.clock.now() - since < longestTurnMs) continue;
        await core.durability.sync();
        since = core.clock.now();
      }
      members = members.slice(size);
      deaths = 0;
    }
  } finally {
    store.runs.delete(core.sql, { name });
  }
}

const startRun = (members: number[]): store.Run => ({ members, size: members.length, deaths: 0 });

/** What is left of the run in which a process died; null without one. */
function resumeRun(core: Ports, { name, setAside }: Batch): store.Run | null {
  const run = store.runs.find(core.sql, { name });
  if (!run) return null;
  const { members, size } = run;
  const deaths = size === 1 ? run.deaths + 1 : 0;
  const [member] = members;
  if (member === undefined || deaths < mostDeaths) return { members, size: Math.ceil(size / 2), deaths };
  core.sql.transaction(() => {
    setAside(member);
    store.runs.delete(core.sql, { name });
  });
  return startRun(members.slice(1));
}
