import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { type Attack, textOfBody } from '#test/attack/attack.ts';
import { inputAttacks } from '#test/attack/input.ts';
import { newWorkspace, signInAs } from './harness.ts';
import { emulatedHosts, network } from './network.ts';
import { secrets } from './variables.ts';

/* Input that is too much, too deep or of another kind: `security.md` 2 and minor, `hostile.md` 5 and 17. */

let workspace: Awaited<ReturnType<typeof newWorkspace>>;
let cookie: string;

beforeAll(async () => {
  network.use(...emulatedHosts().handlers);
  workspace = await newWorkspace();
  cookie = await signInAs(workspace.call, 'dana');
}, 60_000);

async function play({ as, method, path, headers, body }: Attack): Promise<Response> {
  const text = body === undefined ? '' : textOfBody(body);
  const credentials: Record<Attack['as'], Record<string, string>> = {
    nobody: {},
    program: { authorization: `Bearer ${secrets.API_TOKEN}` },
    manager: { cookie },
    tool: (
      await createSignedDelivery(typeform, new TextEncoder().encode(text), secrets.TYPEFORM_SECRET, {
        id: 'attack',
        now: Date.now(),
      })
    ).headers,
  };
  const url = `https://caselite.test${path.replace(':workspace', workspace.name).replace(':source', 'upgrade-survey')}`;
  const own = { 'sec-fetch-site': 'same-origin', ...credentials[as], ...headers };
  return exports.default.fetch(url, { method, headers: own, redirect: 'manual', ...(text ? { body: text } : {}) });
}

describe('the answer to', () => {
  it.each(inputAttacks.map((attack) => [`${attack.name} (${attack.finding})`, attack] as const))(
    '%s is a refusal with the remedy',
    async (_, attack) => {
      const answer = await play(attack);
      const text = await answer.text();
      expect([answer.status, text.slice(0, 300)]).toEqual([attack.status, expect.anything()]);
      expect(text).toContain(attack.says ?? '');
      expect(text).not.toMatch(/call stack/);
      expect(text.length).toBeLessThan(200_000);
    },
  );
});

it('keeps the next request working', async () => {
  const answer = await exports.default.fetch('https://caselite.test/healthz');
  expect(answer.status).toBe(200);
});

it('answers a stream without end by 413 after the first MiB (security 2)', async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  const url = `https://caselite.test/hooks/${workspace.name}/upgrade-survey`;
  const answer = await exports.default.fetch(url, { method: 'POST', body });
  expect(answer.status).toBe(413);
  expect(sent).toBeLessThan(2 * 1024 * 1024);
});
