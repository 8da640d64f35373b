import { describe, expect, it } from 'vitest';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { readFixtures } from '#test/contracts/survey-fixtures.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const sources = `sources:
  jot: { kind: jotform, secret: JOTFORM_SECRET, respondent: { email: email } }
  own:
    kind: json
    secret: OWN_SECRET
    proof: { kind: bearer }
    response: { id: id, answers: answers }
  lime: { kind: limesurvey, secret: LIME_SECRET }
`;
const encoder = new TextEncoder();

/** A workspace whose sources prove themselves by a secret in clear text. */
function arrive(source: string, told: { body: Uint8Array; headers?: object; query?: object }) {
  const harness = new Harness(slowAcme((text) => text.replace('sources:\n', sources)));
  const raw = { headers: {}, query: {}, receivedAt: harness.now, ...told } as never;
  return { harness, arrival: { source, raw } };
}

describe('a secret in clear', () => {
  const name = readFixtures('jotform').find((fixture) => fixture.name === 'name-empty-answers-table');
  const body = Buffer.from(name?.body ?? [])
    .toString()
    .replace('a%20secret%20of%20these%20tests', 'secret+of+ACME__JOTFORM_SECRET');
  const secretOf = (what: string) => `secret of ACME__${what}`;

  it.each([
    ['jot', { body: encoder.encode(body), query: { secret: secretOf('JOTFORM_SECRET') } }],
    [
      'own',
      {
        body: encoder.encode('{"id":1,"answers":{"a":1}}'),
        headers: { authorization: `Bearer ${secretOf('OWN_SECRET')}` },
      },
    ],
    [
      'lime',
      {
        body: encoder.encode(JSON.stringify({ api_token: secretOf('LIME_SECRET'), respondId: 1, response: { a: 1 } })),
      },
    ],
  ])('of %s lets a delivery in, and is not kept', async (source, told) => {
    const { harness, arrival } = arrive(source, told);
    // A bearer token cannot contain spaces, as the harness's secrets do.
    if (source !== 'own') expect(await isGenuineDelivery(harness.core, arrival)).toBe(true);
    storeDeliveries(harness.core, [arrival]);
    expect(storedLines(harness.sql).join('\n')).not.toMatch(/secret[ +%20]+of/);
    await harness.pass(0);
    expect(harness.deliveries()).toMatchObject([{ outcome: 'stored' }]);
  });

  it('is asked for', async () => {
    for (const query of [{}, { secret: '' }, { secret: 'another' }]) {
      const { harness, arrival } = arrive('jot', { body: encoder.encode(body), query });
      expect(await isGenuineDelivery(harness.core, arrival)).toBe(false);
    }
  });
});
