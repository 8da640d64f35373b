import { Hono } from 'hono';
import { standardWebhooks } from '#adapters/surveys/standard-webhooks/definition.ts';
import { makeDelivery } from '#domain/integrations/survey-source.ts';

/** A response as the emulated tool keeps it. */
export interface ToolResponse {
  id: string;
  form: string;
  /** Counted up by each edit. */
  revision: number;
  submittedAt: number;
  changedAt: number;
  partial: boolean;
  customer: string;
  email: string;
  /** By question; choices by their ids. */
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
  /** Signs deliveries. */
  secret: string;
  /** Opens the API. */
  token: string;
  /** `reference`: deliveries only name a response. */
  deliveries: 'full' | 'reference';
  /** Whether full deliveries carry the titles of questions and choices. */
  titles: boolean;
  deliver(body: Uint8Array, headers: Record<string, string>): Promise<boolean>;
}

const pageSize = 10;

/** A survey tool with a memory: it delivers, forgets to, is asked, and does not always answer. */
export class SurveyTool {
  readonly app = new Hono();
  readonly responses = new Map<string, ToolResponse>();
  readonly questions: ToolQuestion[] = [];
  readonly options: ToolOptions;
  /** Deliveries are lost on the way, and nobody ever sends them again. */
  isLosing = false;
  /** A response can be read only so long after it changed, in milliseconds. */
  readableAfter = 0;
  /** The list shows a response only so long after it changed, in milliseconds. */
  listLagMs = 0;
  /** Status of every answer of the API while it is not null. */
  status: { code: number; headers?: Record<string, string> } | null = null;
  readonly calls: { path: string; at: number }[] = [];
  #sent = 0;

  constructor(options: ToolOptions) {
    this.options = options;
    this.app.use(async (c, next) => {
      this.calls.push({ path: c.req.path, at: options.now() });
      if (this.status)
        return new Response('{}', { status: this.status.code, headers: this.status.headers ?? {} });
      if (c.req.header('authorization') !== `Bearer ${options.token}`) return c.json({}, 401);
      return next();
    });
    this.app.get('/forms/:form/questions', (c) => c.json({ questions: this.questions }));
    this.app.get('/forms/:form/responses/:id', (c) => {
      const found = this.responses.get(c.req.param('id'));
      if (!found || options.now() - found.changedAt < this.readableAfter) return c.json({}, 404);
      return c.json(found);
    });
    this.app.get('/forms/:form/responses', (c) => {
      const since = Number(c.req.query('since'));
      const start = Number(c.req.query('cursor') ?? 0);
      const all = [...this.responses.values()]
        .filter(({ form, changedAt }) => form === c.req.param('form') && changedAt >= since)
        .filter(({ changedAt }) => options.now() - changedAt >= this.listLagMs)
        .sort((a, b) => a.changedAt - b.changedAt);
      const end = start + pageSize;
      return c.json({ responses: all.slice(start, end), next: end < all.length ? String(end) : null });
    });
  }

  /** Somebody answers, or edits an answer; delivered unless it gets lost. */
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
      revision: (before?.revision ?? 0) + 1,
      changedAt: now,
    };
    this.responses.set(response.id, response);
    if (!this.isLosing) await this.send(response);
  }

  /** Delivers the present state of a response. */
  async send(response: ToolResponse): Promise<boolean> {
    const body = new TextEncoder().encode(JSON.stringify(this.#payload(response)));
    this.#sent += 1;
    const id = `message-${this.#sent}`;
    const { headers } = await makeDelivery(standardWebhooks, body, this.options.secret, {
      id,
      now: this.options.now(),
    });
    return this.options.deliver(body, headers);
  }

  #payload(response: ToolResponse): unknown {
    const { id, form, revision } = response;
    if (this.options.deliveries === 'reference') return { reference: { id, form, revision } };
    if (!this.options.titles) return { response };
    return { response, questions: this.questions };
  }
}
