import { createHash, createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { googleForms } from '#adapters/surveys/google-forms/definition.ts';
import { createGoogleFormsScript } from '#adapters/surveys/google-forms/script.ts';
import type { Fetch } from '#domain/base/ports.ts';

const address = 'https://caselite.example/hooks/acme/feedback';
const secret = 'whsec_c2VjcmV0IG9mIHRoZXNlIHRlc3RzLCAzMiBieXRlcyE=';
const settings = googleForms.settings.parse({ kind: 'google-forms', secret: 'GOOGLE_SECRET' });
const now = Date.UTC(2026, 10, 23, 8);

interface Sent {
  url: string;
  payload: number[];
  headers: Record<string, string>;
}

/** Emulates Apps Script's utilities: bytes are signed numbers, and texts are hashed as ASCII. */
function appsScript(codes: number[], call = 'onResponse(event)', responses = 1) {
  const properties = new Map([['CASELITE_SECRET', secret]]);
  const asked: number[] = [];
  const sent: Sent[] = [];
  const slept: number[] = [];
  const signedBytes = (bytes: Buffer) => [...new Int8Array(bytes)];
  const buffer = (bytes: number[]) => Buffer.from(Int8Array.from(bytes).buffer);
  const types = ['TEXT', 'GRID', 'CHECKBOX_GRID', 'MULTIPLE_CHOICE', 'LIST', 'CHECKBOX'];
  const form = {
    getId: () => 'form-1',
    getTitle: () => 'Nach dem Update',
    getResponses: (since: { at: number }) => {
      asked.push(since.at);
      return Array.from({ length: responses }, () => event.response);
    },
  };
  const globals = {
    console: { warn: () => {} },
    Date: Object.assign(
      function FakeDate(this: { at: number }, at: number) {
        this.at = at;
      },
      { now: () => now },
    ),
    FormApp: {
      ItemType: Object.fromEntries(types.map((type) => [type, type])),
      getActiveForm: () => form,
    },
    ScriptApp: {
      getProjectTriggers: () => [],
      newTrigger: () => ({
        forForm: () => ({ onFormSubmit: () => ({ create: () => {} }) }),
        timeBased: () => ({ everyHours: () => ({ create: () => {} }) }),
      }),
    },
    PropertiesService: {
      getScriptProperties: () => ({
        getProperty: (name: string) => properties.get(name) ?? null,
        setProperty: (name: string, value: string) => properties.set(name, value),
      }),
    },
    Utilities: {
      DigestAlgorithm: { SHA_256: 'sha256' },
      base64Decode: (text: string) => signedBytes(Buffer.from(text, 'base64')),
      base64Encode: (bytes: number[]) => buffer(bytes).toString('base64'),
      base64EncodeWebSafe: (bytes: number[]) => buffer(bytes).toString('base64url'),
      computeDigest: (_: string, text: string) => signedBytes(createHash('sha256').update(text, 'ascii').digest()),
      computeHmacSha256Signature: (message: number[], key: number[]) =>
        signedBytes(createHmac('sha256', buffer(key)).update(buffer(message)).digest()),
      newBlob: (text: string) => ({ getBytes: () => signedBytes(Buffer.from(text, 'utf8')) }),
      sleep: (ms: number) => slept.push(ms),
    },
    UrlFetchApp: {
      fetch(url: string, { payload, headers }: Omit<Sent, 'url'>) {
        sent.push({ url, payload, headers });
        return { getResponseCode: () => codes[sent.length - 1] ?? 202 };
      },
    },
  };
  const answers = [
    {
      item: {
        getId: () => 11,
        getTitle: () => 'Größe?',
        getType: () => 'MULTIPLE_CHOICE',
        asMultipleChoiceItem: () => ({ getChoices: () => [{ getValue: () => 'klein' }] }),
      },
      value: 'riesig',
    },
    {
      item: {
        getId: () => 12,
        getTitle: () => 'Wie war…',
        getType: () => 'GRID',
        asGridItem: () => ({ getRows: () => ['Anleitung', 'Preis'] }),
      },
      value: ['gut', null],
    },
  ];
  const event = {
    source: form,
    response: {
      getId: () => 'resp-1',
      getTimestamp: () => new Date('2026-11-23T07:59:58.120Z'),
      getRespondentEmail: () => 'ines@customer.example',
      getItemResponses: () => answers.map(({ item, value }) => ({ getItem: () => item, getResponse: () => value })),
    },
  };
  const script = `${createGoogleFormsScript(address)}\n${call};`;
  return { run: () => runInNewContext(script, { ...globals, event }), sent, slept, asked, properties };
}

describe('the script for a Google Form', () => {
  it('sends what its source verifies and reads', async () => {
    const { run, sent } = appsScript([]);
    run();
    const [entry] = sent;
    expect(entry?.url).toBe(address);
    const body = Uint8Array.from(entry?.payload ?? [], (byte) => byte & 0xff);
    const delivery = { body, headers: { ...entry?.headers }, receivedAt: now };
    expect(await googleForms.verify(delivery, [secret], now)).toBe(true);
    expect(await googleForms.verify(delivery, [secret], now + 301_000)).toBe(false);
    const parsed = googleForms.parse(delivery, settings);
    expect(parsed).toMatchObject({
      response: {
        form: 'form-1',
        formTitle: 'Nach dem Update',
        responseId: 'resp-1',
        submittedAt: Date.parse('2026-11-23T07:59:58.120Z'),
        answers: [
          { question: { id: '11', title: 'Größe?' }, type: 'choice', value: 'riesig', freeText: true },
          { question: { id: '12.1', title: 'Wie war… [Anleitung]' }, type: 'matrix', value: 'gut' },
        ],
        hidden: new Map([['email', 'ines@customer.example']]),
      },
    });
  });

  it('tries again with the same id, and says when it gave up', () => {
    const once = appsScript([503, 202]);
    once.run();
    expect(once.sent.map(({ headers }) => headers['webhook-id'])).toEqual([
      once.sent[0]?.headers['webhook-id'],
      once.sent[0]?.headers['webhook-id'],
    ]);
    expect(once.slept).toEqual([20_000]);
    const never = appsScript([503, 503, 500, 429]);
    expect(never.run).toThrow(/did not take a response/);
    expect(never.sent).toHaveLength(4);
  });

  it('holds no secret, and an address cannot break out of it', () => {
    expect(createGoogleFormsScript(address)).not.toContain(secret);
    expect(createGoogleFormsScript('https://x.example/";alert(1);//')).not.toContain('";alert');
  });
});

describe('the script every hour', () => {
  it('sends what came since everything was taken, and moves on only when everything was', () => {
    const { run, sent, asked, properties } = appsScript([], 'catchUp()');
    properties.set('CASELITE_TAKEN_UNTIL', String(now - 3_600_000));
    run();
    expect(asked).toEqual([now - 4_200_000]);
    expect(sent).toHaveLength(1);
    expect(properties.get('CASELITE_TAKEN_UNTIL')).toBe(String(now));

    const refused = appsScript([503, 503, 503, 503], 'catchUp()');
    refused.properties.set('CASELITE_TAKEN_UNTIL', '7');
    expect(refused.run).toThrow('sent again within the hour');
    expect(refused.properties.get('CASELITE_TAKEN_UNTIL')).toBe('7');
  });

  it('goes on where it was ended', () => {
    const ended = appsScript([202, 503, 503, 503, 503], 'catchUp()', 2);
    ended.properties.set('CASELITE_TAKEN_UNTIL', '7');
    expect(ended.run).toThrow('sent again within the hour');
    expect(ended.properties.get('CASELITE_TAKEN_UNTIL')).toBe(String(Date.parse('2026-11-23T07:59:58.120Z')));
  });

  it('begins with the installation, and all of the last days are sent again on demand', () => {
    const installed = appsScript([], 'install()');
    installed.run();
    expect(installed.properties.get('CASELITE_TAKEN_UNTIL')).toBe(String(now));
    const again = appsScript([], 'install()');
    again.properties.set('CASELITE_TAKEN_UNTIL', '7');
    again.run();
    expect(again.properties.get('CASELITE_TAKEN_UNTIL')).toBe('7');
    const demanded = appsScript([], 'sendAgain()');
    demanded.run();
    expect([demanded.asked, demanded.sent.length]).toEqual([[now - (7 * 1440 + 10) * 60_000], 1]);
  });
});

describe('the Forms API, asked as a service account', () => {
  const settings = googleForms.settings.parse({ kind: 'google-forms', token: 'GOOGLE_KEY', forms: ['f'] });

  async function ask(secret: string) {
    const asked: { url: string; form: URLSearchParams; authorization: string | null }[] = [];
    const fetch: Fetch = async (input, init) => {
      const request = new Request(input, init);
      const form = new URLSearchParams(await request.text());
      asked.push({ url: request.url, form, authorization: request.headers.get('authorization') });
      return Response.json(request.url.endsWith('/token') ? { access_token: 'access-1' } : {});
    };
    const api = googleForms.api?.create(settings, {
      fetch,
      baseUrl: 'https://forms.test',
      retryMs: 0,
      secret: () => secret,
      login: { fetch, baseUrl: 'https://login.test' },
      now: () => Date.UTC(2026, 10, 23, 8),
    });
    const outcome = await api?.listResponses?.('f', 0, null).catch((error: unknown) => error);
    return { asked, outcome };
  }

  // Twice in whole runs, and never alone, Node refused a sound key that a test had made.
  it('signs for itself, asks for reading alone, and for one access token', { retry: 2 }, async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const key = {
      type: 'service_account',
      client_email: 'bot@acme.example',
      private_key: await exportPKCS8(privateKey),
    };
    const { asked, outcome } = await ask(JSON.stringify(key));
    expect(outcome).toEqual({ responses: [], next: null });
    expect(asked.map(({ url }) => new URL(url).origin)).toEqual(['https://login.test', 'https://forms.test']);
    expect(asked[1]?.authorization).toBe('Bearer access-1');
    const { payload } = await jwtVerify(asked[0]?.form.get('assertion') ?? '', publicKey, {
      currentDate: new Date(Date.UTC(2026, 10, 23, 8)),
      audience: 'https://oauth2.googleapis.com/token',
      issuer: 'bot@acme.example',
    });
    expect(payload.scope).toBe(
      'https://www.googleapis.com/auth/forms.responses.readonly https://www.googleapis.com/auth/forms.body.readonly',
    );
    expect(Number(payload.exp) - Number(payload.iat)).toBe(3600);
  });

  it.each([
    ['no JSON at all', 'hush-hush'],
    ['another file', '{"type":"external_account","hush":"hush"}'],
    ['a key that is none', '{"type":"service_account","client_email":"b@a.example","private_key":"hush-hush"}'],
  ])('says what is wrong with %s, and nothing of what it holds', async (_, secret) => {
    const { asked, outcome } = await ask(secret);
    expect(asked).toEqual([]);
    expect(outcome).toMatchObject({ code: 'auth', message: expect.stringContaining('GOOGLE_KEY') });
    expect(String(outcome)).not.toContain('hush');
  });

  it('is not mixed with the script, and wants to know its forms', () => {
    const problems = (given: object) =>
      googleForms.settings
        .safeParse({ kind: 'google-forms', ...given })
        .error?.issues.map(({ path }) => path.join('.'));
    expect(problems({ secret: 'SECRET', token: 'TOKEN', forms: ['f'] })).toEqual(['token']);
    expect(problems({ token: 'TOKEN' })).toEqual(['forms']);
    expect(problems({})).toEqual(['secret']);
  });

  it('takes no deliveries', async () => {
    const delivery = { body: new Uint8Array(), headers: {}, receivedAt: 0 };
    expect(await googleForms.verify(delivery, googleForms.secrets(settings), 0, settings)).toBe(false);
  });
});
