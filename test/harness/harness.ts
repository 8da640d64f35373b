import { IntegrationError } from '#domain/base/errors.ts';
import type { Settings } from '#domain/templates/template.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { setWhatChanged } from '#src/workspace/loop/notify-affected-customers.ts';
import { FakeMailHost, FakeTracker } from '#test/workspace/fakes.ts';
import { encodeTypeform, type SampleResponse } from './sample-response.ts';
import { slowAcme } from './settings.ts';
import { day } from './times.ts';
import type { VolatileStore } from './volatile-store.ts';
import { WorkspaceHarness } from './workspace-harness.ts';

/** A workspace with fake trackers and a fake mail provider, which do as they are told. */
export class Harness extends WorkspaceHarness {
  readonly trackers: Record<'support' | 'product' | 'growth', FakeTracker>;
  readonly mail: FakeMailHost;

  constructor(settings: Settings = slowAcme(), store?: VolatileStore) {
    super(settings, store);
    const { clock } = this.core;
    const advance = (ms: number) => {
      this.now += ms;
    };
    this.trackers = {
      support: new FakeTracker('SUP', clock, advance),
      product: new FakeTracker('PRO', clock, advance),
      growth: new FakeTracker('GRO', clock, advance),
    };
    this.mail = new FakeMailHost(clock);
    this.core.integrations = {
      ...this.core.integrations,
      idempotencyKeyLifetimeMs: day,
      answerSettleMs: 0,
      tracker: async (name) => {
        const tracker = new Map(Object.entries(this.trackers)).get(name);
        if (!tracker) throw new IntegrationError('rejected', 'find tracker');
        return tracker;
      },
      mailer: async () => this.mail,
      replies: this.core.integrations.replies && {
        ...this.core.integrations.replies,
        verify: async ({ headers }) => headers.authorization === 'Bearer secret-of-mail',
      },
    };
  }

  /** Stores deliveries as they arrive, and runs the immediate work. */
  async receive(...responses: SampleResponse[]): Promise<string[]> {
    const ids = this.arrive(...responses);
    await this.pass(0);
    return ids;
  }

  /** Stores deliveries as they arrive. */
  arrive(...responses: SampleResponse[]): string[] {
    const arrivals = responses.map((response) => ({
      source: 'upgrade-survey',
      raw: { body: encodeTypeform(response, this.now), headers: {}, receivedAt: this.now },
    }));
    return storeDeliveries(this.core, arrivals);
  }

  /** Writes, as a case manager, what customers of a strategic case read about the change. */
  setWhatChanged(text = 'The installer signs its driver now.', index = 0): void {
    this.sql.transaction(() => setWhatChanged(this.core, this.case(index).id, { text, who: 'dana' }));
  }
}
