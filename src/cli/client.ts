import type { Page } from '#domain/base/page.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { DeliveryJson, ResponseJson } from '#domain/json/intake-json.ts';
import type { FollowUpJson, MailJson } from '#domain/json/loop-json.ts';
import type { BacktestReport } from '#domain/reports/backtest.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';

interface Lists {
  cases: CaseJson;
  responses: ResponseJson;
  deliveries: DeliveryJson;
  'follow-ups': FollowUpJson;
  mails: MailJson;
}

const patienceMs = 20_000;

export class Refusal extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The HTTP API of a running Caselite, as any outside program would use it. */
export class Client {
  readonly #url: string;
  readonly workspace: string;
  readonly #token: string;

  constructor({ url, workspace, token }: { url: string; workspace: string; token: string }) {
    this.#url = url;
    this.workspace = workspace;
    this.#token = token;
  }

  async isUp(): Promise<boolean> {
    try {
      return (await fetch(`${this.#url}/healthz`)).ok;
    } catch {
      return false;
    }
  }

  async list<What extends keyof Lists>(what: What): Promise<Lists[What][]> {
    const items: Lists[What][] = [];
    let cursor = '';
    do {
      const page = (await this.#call('GET', `${what}?limit=200&cursor=${cursor}`)) as Page<Lists[What]>;
      items.push(...page.items);
      cursor = page.next ?? '';
    } while (cursor !== '');
    return items;
  }

  async push(
    files: SettingsFile[],
    base: number | null,
    author: string,
  ): Promise<{ version: number; changed: boolean }> {
    return (await this.#call('PUT', 'settings', { files, base, author })) as {
      version: number;
      changed: boolean;
    };
  }

  async pull(): Promise<{ version: number; files: SettingsFile[] }> {
    return (await this.#call('GET', 'settings')) as { version: number; files: SettingsFile[] };
  }

  async settingsAt(version: number): Promise<{ version: number; files: SettingsFile[] }> {
    return (await this.#call('GET', `settings/versions/${version}`)) as {
      version: number;
      files: SettingsFile[];
    };
  }

  /** Stores the text for customers of a strategic case about what was done. */
  async setWhatChanged(caseId: string, text: string): Promise<void> {
    await this.#call('POST', `cases/${caseId}/what-changed`, { text });
  }

  async backtest(request: {
    template: string;
    text: string | null;
    against: number | null;
  }): Promise<{ report: BacktestReport; timeZone: string }> {
    return (await this.#call('POST', 'backtest', request)) as { report: BacktestReport; timeZone: string };
  }

  async signInLink(person: string): Promise<string> {
    return ((await this.#call('POST', 'sign-in-links', { person })) as { url: string }).url;
  }

  async pollNow(): Promise<void> {
    await this.#call('POST', 'poll');
  }

  /** Posts a delivery as a survey tool would. */
  async deliver(
    source: string,
    body: Uint8Array,
    headers: Record<string, string>,
    query: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : '';
    const answer = await this.#patiently(`${this.#url}/hooks/${this.workspace}/${source}${search}`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers,
    });
    return { status: answer.status, text: await answer.text() };
  }

  async importFile(source: string, text: string): Promise<{ delivery: string; rows: number }> {
    const path = `sources/${encodeURIComponent(source)}/import`;
    return (await this.#call('POST', path, new Blob([text], { type: 'text/csv' }))) as {
      delivery: string;
      rows: number;
    };
  }

  async putCustomers(text: string): Promise<{ customers: number }> {
    return (await this.#call('PUT', 'customers', new Blob([text], { type: 'text/csv' }))) as {
      customers: number;
    };
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#patiently(`${this.#url}/api/v1/workspaces/${this.workspace}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body ? { 'content-type': body instanceof Blob ? body.type : 'application/json' } : {}),
      },
      ...(body ? { body: body instanceof Blob ? body : JSON.stringify(body) } : {}),
    });
    if (!answer.ok) {
      const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
      throw new Refusal(problem.detail ?? `${method} ${path} answered ${answer.status}`, answer.status);
    }
    return answer.json();
  }

  /** Repeats refused connections for a moment, because a restarting process refuses them. */
  async #patiently(url: string, init: RequestInit): Promise<Response> {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
        if (answer.status !== 503 || performance.now() > until) return answer;
      } catch (error) {
        if (performance.now() > until) throw error;
      }
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}
