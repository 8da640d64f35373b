import { Hono } from 'hono';
import { standardWebhooks } from '#adapters/surveys/standard-webhooks/definition.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { FakeHooks } from './fake-hooks.ts';

/** A response as the emulated tool stores it. */
export interface ToolResponse {
  id: string;
  form: string;
  /** Increased by each edit. */
  revision: number;
  submittedAt: number;
  changedAt: number;
  partial: boolean;
  customer: string;
  email: string;
  /** Answers by question; choices as ids. */
  answers: Record<string, string | number | boolean>;
}

export interface ToolQuestion {
  id: string;
  title: string;
  type: 'choice' | 'number' | 'text' | 'yes-no';
  choices: Record<string, string>;
}

export interface ToolOptions {
  now(): number;
  /** Secret that signs deliveries. */
  secret: string;
  /** Token that opens the API. */
  token: string;
  /** `reference`: deliveries contain only the id of a response. */
  deliveries: 'full' | 'reference';
  /** Whether full deliveries include the titles of questions and choices. */
  titles: boolean;
  deliver(body: Uint8Array, headers: Record<string, string>): Promise<boolean>;
  /** Headers with the proof of a delivery; by default the tool's signature. */
  sign?(body: Uint8Array, id: string): Promise<Record<string, string>>;
}

const pageSize = 10;

/** A stateful survey tool: it delivers, loses deliveries, answers its API, and sometimes fails. */
export class SurveyTool {
  readonly app = new Hono();
  readonly responses = new Map<string, ToolResponse>();
  readonly questions: ToolQuestion[] = [];
  readonly options: ToolOptions;
  readonly hooks = new FakeHooks();
  /** Deliveries are lost on the way and never sent again. */
  isLosing = false;
  /** Delay until a changed response can be read, in milliseconds. */
  readableAfter = 0;
  /** Delay until the list shows a changed response, in milliseconds. */
  listLagMs = 0;
  /** Status of every API answer while it is not null. */
  status: { code: number; headers?: Record<string, string> } | null = null;
  /** A form whose list answers only with this status. */
  brokenForm: { form: string; status: number } | null = null;
  readonly calls: { path: string; at: number }[] = [];
  #sent = 0;

  constructor(options: ToolOptions) {
    this.options = options;
    this.app.use(async (c, next) => {
      this.calls.push({ path: c.req.path, at: options.now() });
      if (this.status) return new Response('{}', { status: this.status.code, headers: this.status.headers ?? {} });
      if (c.req.header('authorization') !== `Bearer ${options.token}`) return c.json({}, 401);
      return next();
    });
    this.app.get('/hooks', (c) => c.json(this.hooks.all));
    this.app.on(['POST', 'PUT'], '/hooks', async (c) => {
      this.hooks.put(await c.req.json(), c.req.method === 'PUT');
      return c.json({});
    });
    this.app.get('/forms/:form/questions', (c) => c.json({ questions: this.questions }));
    this.app.get('/forms/:form/responses/:id', (c) => {
      const toolResponse = this.read(c.req.param('id'));
      return toolResponse ? c.json(toolResponse) : c.json({}, 404);
    });
    this.app.get('/forms/:form/responses', (c) => {
      if (c.req.param('form') === this.brokenForm?.form) return new Response('{}', { status: this.brokenForm.status });
      return c.json(this.list(c.req.param('form'), Number(c.req.query('since')), c.req.query('cursor') ?? null));
    });
  }

  /** A response that can be read already. */
  read(id: string): ToolResponse | null {
    const toolResponse = this.responses.get(id);
    return toolResponse && this.options.now() - toolResponse.changedAt >= this.readableAfter ? toolResponse : null;
  }

  /** One page of the responses changed since an instant, oldest first. */
  list(wanted: string, since: number, cursor: string | null): { responses: ToolResponse[]; next: string | null } {
    const start = Number(cursor ?? 0);
    const all = [...this.responses.values()]
      .filter(({ form, changedAt }) => form === wanted && changedAt >= since)
      .filter(({ changedAt }) => this.options.now() - changedAt >= this.listLagMs)
      .sort((a, b) => a.changedAt - b.changedAt);
    const end = start + pageSize;
    return { responses: all.slice(start, end), next: end < all.length ? String(end) : null };
  }

  /** A respondent answers or edits an answer; the delivery leaves unless it is lost. */
  async submit(given: Partial<ToolResponse> & { id: string }): Promise<void> {
    const now = this.options.now();
    const before = this.responses.get(given.id);
    const response: ToolResponse = {
      form: 'upgrade',
      customer: given.id,
      email: `${given.id}@customer.example`,
      partial: false,
      answers: {},
      submittedAt: now,
      ...before,
      ...given,
      // As of a count, which begins at 1: a revision of 1 stands for no time.
      revision: (before?.revision ?? 1) + 2,
      changedAt: now,
    };
    // What a respondent finished stays finished.
    if (before?.partial === false) response.partial = false;
    this.responses.set(response.id, response);
    if (!this.isLosing) await this.send(response);
  }

  /** Delivers the present state of a response. */
  async send(response: ToolResponse): Promise<boolean> {
    const body = new TextEncoder().encode(JSON.stringify(this.#payload(response)));
    this.#sent += 1;
    const id = `message-${this.#sent}`;
    const { sign, secret, now } = this.options;
    const headers = sign
      ? await sign(body, id)
      : (await createSignedDelivery(standardWebhooks, body, secret, { id, now: now() })).headers;
    return this.options.deliver(body, headers);
  }

  #payload(response: ToolResponse): unknown {
    const { id, form, revision } = response;
    if (this.options.deliveries === 'reference') return { reference: { id, form, revision } };
    if (!this.options.titles) return { response };
    return { response, questions: this.questions };
  }
}
