import { describe, expect, it } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { createIntegrations } from '#src/wiring.ts';
import { acme } from '#test/domain/samples.ts';

describe('while a secret is renewed', () => {
  it('deliveries by the previous and by the current value are genuine, and by no older one (security 13)', async () => {
    const variables = new Map([
      ['ACME__TYPEFORM_SECRET', 'the current value'],
      ['ACME__TYPEFORM_SECRET_PREVIOUS', 'the previous value'],
    ]);
    const source = createIntegrations(acme(), (name) => variables.get(name)).source('upgrade-survey');
    const isGenuine = async (secret: string) => {
      const now = Date.UTC(2026, 10, 20);
      const delivery = { id: 'x', now };
      const { body, headers } = await createSignedDelivery(typeform, new TextEncoder().encode('{}'), secret, delivery);
      return source?.verify({ body, headers, receivedAt: now }, now);
    };
    expect(await Promise.all(['the current value', 'the previous value', 'an older value'].map(isGenuine))).toEqual([
      true,
      true,
      false,
    ]);
    variables.delete('ACME__TYPEFORM_SECRET_PREVIOUS');
    expect(await isGenuine('the previous value')).toBe(false);
  });
});
