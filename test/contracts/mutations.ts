const encoder = new TextEncoder();
const decoder = new TextDecoder();

const wrongValues: unknown[] = [
  null,
  7,
  -1e308,
  true,
  'x',
  '',
  '\u0000\ud800',
  [],
  {},
  [null],
  [[['x']]],
  { toString: 'x', valueOf: 7 },
  { constructor: { name: 'x' } },
];

/**
 * Damaged forms of a body: cut, doubled, invalid UTF-8, nested too deeply, and with each value of its JSON replaced in
 * turn.
 */
export function* mutations(body: Uint8Array): Generator<Uint8Array> {
  yield new Uint8Array();
  for (const part of [0.1, 0.5, 0.9, 0.99]) yield body.slice(0, Math.floor(body.length * part));
  yield Uint8Array.from([...body, ...body]);
  for (const at of [0, Math.floor(body.length / 2), body.length]) {
    yield Uint8Array.from([...body.slice(0, at), 0xff, ...body.slice(at)]);
    yield Uint8Array.from([...body.slice(0, at), 0xc3, ...body.slice(at)]);
  }
  yield encoder.encode('['.repeat(200_000));
  yield encoder.encode('{"a":'.repeat(70) + '1'.padEnd(71, '}'));
  for (const text of ['null', '7', '"x"', '[]', '{}', '[{}]']) yield encoder.encode(text);
  const text = decoder.decode(body);
  const found = findJson(text);
  if (!found) return;
  const { json, put } = found;
  for (const changed of changes(json)) yield encoder.encode(put(changed));
  yield encoder.encode(put(json).replace('{', '{"__proto__":{"polluted":"yes"},'));
  yield encoder.encode(put(json).replace(/"(\w+)":/, '"constructor":'));
}

interface Found {
  json: unknown;
  put(json: unknown): string;
}

/** The JSON of a body, or of one of its parts or fields, with a function that puts changed JSON back. */
function findJson(text: string): Found | null {
  const [part, before, raw] = /(name="rawRequest"\r\n\r\n)([^\r]*)/.exec(text) ?? [];
  const [field, message] = /\bMSG=([^&]*)/.exec(text) ?? [];
  try {
    if (part && raw)
      return {
        json: JSON.parse(raw),
        put: (json) => text.replace(part, () => `${before}${JSON.stringify(json)}`),
      };
    if (field && message)
      return {
        json: JSON.parse(decodeURIComponent(message.replaceAll('+', ' '))),
        put: (json) => text.replace(field, () => String(new URLSearchParams({ MSG: JSON.stringify(json) }))),
      };
    return { json: JSON.parse(text), put: (json) => JSON.stringify(json) };
  } catch {
    return null;
  }
}

/** Every value replaced by every wrong value, one at a time, and every name left out. */
function* changes(json: unknown): Generator<unknown> {
  for (const wrong of wrongValues) yield wrong;
  if (typeof json !== 'object' || json === null) return;
  for (const name of Object.keys(json)) {
    const inner = (json as Record<string, unknown>)[name];
    const withValue = (value: unknown) =>
      Array.isArray(json)
        ? json.map((entry, index) => (String(index) === name ? value : entry))
        : { ...json, [name]: value };
    for (const changed of changes(inner)) yield withValue(changed);
    const { [name]: _, ...rest } = json as Record<string, unknown>;
    yield Array.isArray(json) ? json.filter((_, index) => String(index) !== name) : rest;
  }
}
