import type { Fetch } from '#domain/base/ports.ts';
import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import { createIntegrations } from '#src/wiring.ts';
import { findRemovedSourceSettings, updateSourcesFromSettings } from '#src/workspace/intake/keep-sources.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { acmeFiles, copySettings } from '#test/domain/samples.ts';
import { SurveyTool, type ToolOptions, type ToolResponse } from '#test/emulators/survey-tool.ts';
import { registryWithTool } from '#test/emulators/survey-tool-source.ts';
import { Harness } from './harness.ts';
import { schemaWithTool } from './settings.ts';
import type { VolatileStore } from './volatile-store.ts';

const secret = `whsec_${btoa('a secret of the emulated tool')}`;
const token = 'a token of the emulated tool';

const source = `sources:
  tool:
    kind: emulated-survey-tool
    secret: TOOL_SECRET
    token: TOOL_TOKEN
    questions: { completed: done, ease: effort }
    respondent: { key: hidden.customer_id, email: hidden.email }
`;

/** Acme with the emulated tool beside its own sources; the first template also uses the tool's responses. */
function toolFiles(change: (yaml: string) => string = (yaml) => yaml): SettingsFile[] {
  const workspace = (text: string) =>
    change(text.replace('sources:\n', source).replace('every: 2 minutes', 'every: 1 day'));
  const files = acmeFiles(({ name, text }) => (name === 'acme' ? workspace(text) : text));
  const hasTool = files.some(({ text }) => text.includes('kind: emulated-survey-tool'));
  return files.map((file) =>
    hasTool && file.name === 'upgrade-not-installed'
      ? { ...file, text: file.text.replace('source: upgrade-survey', 'source: [upgrade-survey, tool]') }
      : file,
  );
}

const toolSettings = (change?: (yaml: string) => string): Settings => copySettings(toolFiles(change), schemaWithTool);

/** A harness with the emulated survey tool, called by HTTP requests through the real `outboundFetch`. */
export class ToolHarness extends Harness {
  readonly tool: SurveyTool;
  /** Number of deliveries that Caselite refused. */
  refused = 0;
  readonly #fetch: Fetch;

  constructor(options: Partial<ToolOptions> = {}, change?: (yaml: string) => string, store?: VolatileStore) {
    super(toolSettings(change), store);
    this.tool = new SurveyTool({
      now: () => this.now,
      secret,
      token,
      deliveries: 'full',
      titles: true,
      deliver: (body, headers) => this.accept(body, headers),
      ...options,
    });
    this.tool.questions.push(
      { id: 'done', title: 'Did you finish?', type: 'yes-no', choices: {} },
      { id: 'effort', title: 'How easy was it?', type: 'number', choices: {} },
    );
    this.#fetch = (input, init) => Promise.resolve(this.tool.app.fetch(new Request(input, init)));
    this.use(this.core.settings);
  }

  /** Puts settings into force, like a push. */
  use(settings: Settings): void {
    this.core.settings = settings;
    updateSourcesFromSettings(this.core, settings);
    const { tracker, mailer, idempotencyKeyLifetimeMs: mailIdempotencyMs } = this.core.integrations;
    const variables = new Map([
      ['ACME__TOOL_SECRET', secret],
      ['ACME__TOOL_TOKEN', token],
    ]);
    const real = createIntegrations(
      settings,
      (name) => variables.get(name) ?? (name.includes('__') ? `secret of ${name}` : undefined),
      {
        fetch: this.#fetch,
        retryMs: 0,
        removed: findRemovedSourceSettings(this.core, settings),
        registry: registryWithTool,
      },
    );
    this.core.integrations = {
      ...real,
      tracker,
      mailer,
      idempotencyKeyLifetimeMs: mailIdempotencyMs,
      answerSettleMs: 0,
    };
  }

  push(change?: (yaml: string) => string): void {
    this.use(toolSettings(change));
  }

  async accept(body: Uint8Array, headers: Record<string, string>): Promise<boolean> {
    const arrival = { source: 'tool', raw: { body, headers, receivedAt: this.now } };
    if (!(await isGenuineDelivery(this.core, arrival))) {
      this.refused += 1;
      return false;
    }
    storeDeliveries(this.core, [arrival]);
    // A delivery is acknowledged only once it is durable.
    this.store.commit();
    return true;
  }

  /** A respondent of the tool answers, and the immediate work runs. */
  async submit(given: Partial<ToolResponse> & { id: string }): Promise<void> {
    await this.tool.submit(given);
    await this.pass(0);
  }

  stored(): string[] {
    return this.#responses().map(({ content }) => content.responseId);
  }

  response(index = 0) {
    const stored = this.#responses()[index];
    if (!stored) throw new Error(`no response ${index}`);
    return stored;
  }

  delivered() {
    return this.deliveries().filter(({ source }) => source === 'tool');
  }

  #responses() {
    return this.responses().filter(({ content }) => content.source === 'tool');
  }
}
