import type { Settings } from '#domain/templates/template.ts';
import { createIntegrations, WorkspaceFileSchema } from '#src/wiring.ts';
import { updateSourcesFromSettings } from '#src/workspace/intake/keep-sources.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { readSourceDetail } from '#src/workspace/queries/intake.ts';
import { acmeFiles, copySettings } from '#test/domain/samples.ts';
import { Harness } from './harness.ts';

export interface VendorOptions {
  /** Settings of the source `field`, in YAML, indented by four spaces. */
  source: string;
  /** Condition of the template, such as `question: nps, <=: 6`. */
  when?: string;
  /** The vendor's API; every call is refused by 503 without one. */
  api?(request: Request): Response | Promise<Response>;
  /** Names of secrets that the deployment lacks. */
  lacking?: string[];
}

function vendorSettings({ source, when = 'question: completed, is: no' }: VendorOptions): Settings {
  const files = acmeFiles(({ name, text }) => {
    if (name === 'acme')
      return text.replace('sources:\n', `sources:\n  field:\n${source}`).replace('every: 2 minutes', 'every: 1 day');
    return name === 'upgrade-not-installed'
      ? text.replace(/^when: .*$/m, `when: { source: field, all: [{ ${when} }] }`)
      : text;
  });
  return copySettings(files, WorkspaceFileSchema);
}

/** A harness with a source of a real vendor, whose adapter calls the test's version of the vendor's API. */
export class VendorHarness extends Harness {
  readonly calls: { path: string; at: number }[] = [];
  lacking: string[];
  readonly #options: VendorOptions;

  constructor(options: VendorOptions) {
    super(vendorSettings(options));
    this.#options = options;
    this.lacking = options.lacking ?? [];
    this.use(this.core.settings);
  }

  /** Puts settings into force, like a push. */
  use(settings: Settings): void {
    this.core.settings = settings;
    updateSourcesFromSettings(this.core, settings);
    const { tracker, mailer, idempotencyKeyLifetimeMs } = this.core.integrations;
    const isMissing = (variable: string) => this.lacking.some((name) => variable === `ACME__${name}`);
    const real = createIntegrations(
      settings,
      (variable) =>
        variable === 'QUALTRICS_API_URL'
          ? 'https://fra1.qualtrics.test'
          : variable.includes('__') && !isMissing(variable)
            ? `secret of ${variable}`
            : undefined,
      {
        now: () => this.now,
        retryMs: 0,
        fetch: async (input, init) => {
          const request = new Request(input, init);
          const { pathname, search } = new URL(request.url);
          this.calls.push({ path: pathname + search, at: this.now });
          return this.#options.api?.(request) ?? new Response('{}', { status: 503 });
        },
      },
    );
    this.core.integrations = { ...real, tracker, mailer, idempotencyKeyLifetimeMs, answerSettleMs: 0 };
  }

  push(options: VendorOptions): void {
    this.use(vendorSettings(options));
  }

  /** Stores a genuine delivery, and runs the immediate work. */
  async deliver(body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const raw = { body: new TextEncoder().encode(text), headers, receivedAt: this.now };
    storeDeliveries(this.core, [{ source: 'field', raw }]);
    await this.pass(0);
  }

  /** Answers of a response as `title: text`. */
  answers(index = 0): string[] {
    const answers = this.responses()[index]?.content.answers ?? [];
    return answers.map(({ question, text }) => `${question.title || question.id}: ${text}`);
  }

  outcomes(): string[] {
    return this.deliveries().map(({ outcome, error }) => `${outcome}${error ? `: ${error}` : ''}`);
  }

  detail() {
    return readSourceDetail(this.core, 'field');
  }

  callsTo(part: string): number {
    return this.calls.filter(({ path }) => path.includes(part)).length;
  }
}
