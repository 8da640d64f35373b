import { createHash, createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { googleForms } from '#adapters/surveys/google-forms/definition.ts';
import { createGoogleFormsScript } from '#adapters/surveys/google-forms/script.ts';

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
