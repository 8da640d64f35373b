import { createHash, createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { googleForms } from '#adapters/surveys/google-forms.ts';
import { googleFormsScript } from '#src/cli/google-forms-script.ts';

const address = 'https://caselite.example/hooks/acme/feedback';
const secret = 'whsec_c2VjcmV0IG9mIHRoZXNlIHRlc3RzLCAzMiBieXRlcyE=';
const settings = googleForms.settings.parse({ kind: 'google-forms', secret: 'GOOGLE_SECRET' });
const now = Date.UTC(2026, 10, 23, 8);

interface Sent {
  url: string;
  payload: number[];
  headers: Record<string, string>;
}

/** What Apps Script gives a script: bytes are signed numbers, and texts are hashed as ASCII. */
function appsScript(codes: number[]) {
  const sent: Sent[] = [];
  const slept: number[] = [];
  const signedBytes = (bytes: Buffer) => [...new Int8Array(bytes)];
  const buffer = (bytes: number[]) => Buffer.from(Int8Array.from(bytes).buffer);
  const types = ['TEXT', 'GRID', 'CHECKBOX_GRID', 'MULTIPLE_CHOICE', 'LIST', 'CHECKBOX'];
  const form = { getId: () => 'form-1', getTitle: () => 'Nach dem Update' };
  const globals = {
    console: { warn: () => {} },
    Date: Object.assign(function FakeDate() {}, { now: () => now }),
    FormApp: {
      ItemType: Object.fromEntries(types.map((type) => [type, type])),
      getActiveForm: () => form,
    },
    PropertiesService: { getScriptProperties: () => ({ getProperty: () => secret }) },
    Utilities: {
      DigestAlgorithm: { SHA_256: 'sha256' },
      base64Decode: (text: string) => signedBytes(Buffer.from(text, 'base64')),
      base64Encode: (bytes: number[]) => buffer(bytes).toString('base64'),
      base64EncodeWebSafe: (bytes: number[]) => buffer(bytes).toString('base64url'),
      computeDigest: (_: string, text: string) =>
        signedBytes(createHash('sha256').update(text, 'ascii').digest()),
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
      getTimestamp: () => ({ toISOString: () => '2026-11-23T07:59:58.120Z' }),
      getRespondentEmail: () => 'ines@customer.example',
      getItemResponses: () =>
        answers.map(({ item, value }) => ({ getItem: () => item, getResponse: () => value })),
    },
  };
  const script = `${googleFormsScript(address)}\nonResponse(event);`;
  return { run: () => runInNewContext(script, { ...globals, event }), sent, slept };
}

describe('the script for a Google Form', () => {
  it('sends what its source verifies and reads', async () => {
    const { run, sent } = appsScript([]);
    run();
    const [one] = sent;
    expect(one?.url).toBe(address);
    const body = Uint8Array.from(one?.payload ?? [], (byte) => byte & 0xff);
    const delivery = { body, headers: { ...one?.headers }, receivedAt: now };
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
    expect(googleFormsScript(address)).not.toContain(secret);
    expect(googleFormsScript('https://x.example/";alert(1);//')).not.toContain('";alert');
  });
});
