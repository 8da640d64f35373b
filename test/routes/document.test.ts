import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { createApiDocument } from '#src/routes/api-document.tsx';
import { routes } from '#src/routes/routes.ts';

test('the published document is OpenAPI 3.1 by the official schema', async () => {
  const document = await createApiDocument(routes);
  const check = (given: object) => new Validator().validate(structuredClone(given) as Record<string, unknown>);
  expect(await check(document)).toEqual({ valid: true });
  expect(await check({ ...document, info: {} })).toMatchObject({ valid: false });
});
