import { describe, expect, it } from 'vitest';
import { instant } from '#adapters/survey-reading.ts';

const at = (text: string, zone?: string, order?: Parameters<typeof instant>[2]) => {
  const read = instant(text, zone, order);
  return read === null ? null : new Date(read).toISOString().replace('.000', '');
};

describe('finding 12: a time with an offset', () => {
  it.each([
    ['2026-11-20T08:00:00+01', '2026-11-20T07:00:00Z'],
    ['2026-11-20 08:00:00.123456+01', '2026-11-20T07:00:00.123Z'],
    ['2026-11-20T08:00:00+0100', '2026-11-20T07:00:00Z'],
    ['2026-11-20T08:00:00-05:30', '2026-11-20T13:30:00Z'],
    ['2026-11-20T08:00:00+01:00[Europe/Berlin]', '2026-11-20T07:00:00Z'],
    ['2026/11/20 8:00:00 AM GMT+1', '2026-11-20T07:00:00Z'],
    ['2026/11/20 8:00:00 PM GMT+05:30', '2026-11-20T14:30:00Z'],
    ['2026-11-20 08:00:00 UTC', '2026-11-20T08:00:00Z'],
    ['2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z'],
    ['Fri, 20 Nov 2026 08:00:00 +0100', '2026-11-20T07:00:00Z'],
    ['Fri, 20 Nov 2026 08:00:00 GMT', '2026-11-20T08:00:00Z'],
    ['Fri Nov 20 2026 08:00:00 GMT+0100 (Central European Standard Time)', '2026-11-20T07:00:00Z'],
    ['20261120T080000Z', '2026-11-20T08:00:00Z'],
    ['2026/11/20 8:00:00 AM EST', '2026-11-20T13:00:00Z'],
    ['2026/07/20 8:00:00 PM MESZ', '2026-07-20T18:00:00Z'],
    ['2026/11/20 8:00:00 午後 GMT+9', '2026-11-20T11:00:00Z'],
    ['2026/11/20 8:00:00 a. m. GMT-6', '2026-11-20T14:00:00Z'],
  ])('is read with it: %s', (text, expected) => expect(at(text, 'America/New_York')).toBe(expected));
});

describe('a time without an offset', () => {
  it.each([
    ['2026-11-20', '2026-11-19T23:00:00Z'],
    ['2026-11-20 8:05', '2026-11-20T07:05:00Z'],
    ['20261120080500', '2026-11-20T07:05:00Z'],
    ['2026/11/20', '2026-11-19T23:00:00Z'],
    ['2026/11/20 8:00:00 PM', '2026-11-20T19:00:00Z'],
    ['2026-11-20T08:00', '2026-11-20T07:00:00Z'],
    ['Nov 20, 2026 8:00 AM', '2026-11-20T07:00:00Z'],
    ['20 November 2026 08:00', '2026-11-20T07:00:00Z'],
    ['28/11/2026', '2026-11-27T23:00:00Z'],
    ['11/28/2026 12:30 AM', '2026-11-27T23:30:00Z'],
    ['28.11.26 08:00', '2026-11-28T07:00:00Z'],
    ['28.11.2026, 08:00 Uhr', '2026-11-28T07:00:00Z'],
    ['20-Nov-26 8:00', '2026-11-20T07:00:00Z'],
    ['November 20th, 2026 at 8:00 PM', '2026-11-20T19:00:00Z'],
    ['2026. 11. 20 오후 8:00:11', '2026-11-20T19:00:11Z'],
    ['2026/11/20 上午 8:00', '2026-11-20T07:00:00Z'],
    ['20/11/2026 12:30 p. m.', '2026-11-20T11:30:00Z'],
  ])('is of the zone of the source: %s', (text, expected) => expect(at(text, 'Europe/Berlin')).toBe(expected));

  it('is read by the order that is named, and not guessed without one', () => {
    expect(at('05/11/2026 8:00', 'UTC', 'day-first')).toBe('2026-11-05T08:00:00Z');
    expect(at('05/11/2026 8:00', 'UTC', 'month-first')).toBe('2026-05-11T08:00:00Z');
    expect(at('05/11/2026 8:00')).toBeNull();
    expect(at('28/11/2026', 'UTC', 'month-first')).toBeNull();
  });

  it.each([
    '',
    'yesterday',
    '31.02.2026',
    '2026-13-01',
    '45980.5',
    '2026-11-20 25:00',
    '2026-11-20 13:00 PM',
    '8:00',
    '2026-11-20 8:00 IST',
  ])('is none: %s', (text) => expect(at(text)).toBeNull());
});
