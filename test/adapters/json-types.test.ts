import { describe, expect, it } from 'vitest';
import { readJsonDelivery } from '#adapters/json.ts';
import { registry } from '#src/wiring.ts';
import { readFixtures } from '#test/contracts/survey-fixtures.ts';

const encoder = new TextEncoder();
const read = (type: string | undefined) =>
  readJsonDelivery({ body: encoder.encode('{"a":1}'), headers: type === undefined ? {} : { 'content-type': type } });

describe('a delivery of JSON (hostile 17)', () => {
  it.each([
    undefined,
    '',
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/vnd.surveymonkey.response.v1+json',
    'text/plain;charset=UTF-8',
  ])('is read under the content type %j', (type) => {
    expect(read(type)).toEqual({ a: 1 });
  });

  it.each([
    'text/html',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'image/png',
  ])('is refused as %j, with the remedy', (type) => {
    expect(() => read(type)).toThrow('let the tool send application/json');
  });

  const jsonKinds = [
    'formbricks',
    'google-forms',
    'standard-webhooks',
    'survicate',
    'surveymonkey',
    'tally',
    'typeform',
  ];

  it.each(jsonKinds)('of %s is refused as a web page', (kind) => {
    const definition = registry.surveys.find((survey) => survey.kind === kind);
    const [fixture] = readFixtures(kind);
    if (!definition || !fixture) throw new Error(`no fixture of ${kind}`);
    const delivery = { ...fixture.delivery, headers: { 'content-type': 'text/html' } };
    expect(() => definition.parse(delivery, {} as never)).toThrow('content type of something else');
  });
});
