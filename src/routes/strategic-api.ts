import { Hono } from 'hono';
import * as z from 'zod';
import { type AppContext, stubOf, unwrap } from './context.ts';
import { bodyOf, readBody } from './read-body.ts';

const who = z.string().min(1).max(100).default('the API');
const reason = z.string().max(1000);
const Elevate = z.strictObject({
  to: z.string().min(1, 'is empty; name a strategic case by its id, or a strategic template'),
  theme: z.string().max(60).nullable().default(null),
  reason,
  who,
});
const Words = z.strictObject({ text: z.string().max(10_000), who });
const Measure = z.strictObject({
  name: z.string().max(200),
  unit: z.string().max(40).default(''),
  source: z.enum(['manual', 'theme-rate']).default('manual'),
  before: z.number().nullable().default(null),
  after: z.number().nullable().default(null),
  who,
});
const Owner = z.strictObject({ person: z.string(), who });
const RelatedCase = z.strictObject({ sister: z.string(), reason, who });
const Limit = z.coerce.number().int().min(1).max(200).default(50);

/** Strategic cases: their list, all that one holds, and what case managers do to it. */
export const strategicApi = new Hono<AppContext>()
  .get('/:workspace/strategic', async (c) => {
    const limit = readBody(Limit, c.req.query('limit'), 'limit');
    const { items, atRisk } = unwrap(await (await stubOf(c)).strategicList(limit));
    return c.json({ items, next: null, atRisk });
  })
  .get('/:workspace/cases/:id/strategic', async (c) =>
    c.json(unwrap(await (await stubOf(c)).strategicCase(c.req.param('id')))),
  )
  .get('/:workspace/cases/:id/elevation', async (c) =>
    c.json(unwrap(await (await stubOf(c)).elevation(c.req.param('id')))),
  )
  .post('/:workspace/cases/:id/elevate', async (c) => {
    const input = await bodyOf(c, Elevate);
    return c.json(unwrap(await (await stubOf(c)).elevate(c.req.param('id'), input)));
  })
  .post('/:workspace/cases/:id/decision', async (c) => {
    const input = await bodyOf(c, Words);
    return c.json(unwrap(await (await stubOf(c)).decide(c.req.param('id'), input)));
  })
  .post('/:workspace/cases/:id/measure', async (c) => {
    const input = await bodyOf(c, Measure);
    return c.json(unwrap(await (await stubOf(c)).measure(c.req.param('id'), input)));
  })
  .post('/:workspace/cases/:id/what-changed', async (c) => {
    const input = await bodyOf(c, Words);
    return c.json(unwrap(await (await stubOf(c)).sayWhatChanged(c.req.param('id'), input)));
  })
  .post('/:workspace/cases/:id/decision-owner', async (c) => {
    const input = await bodyOf(c, Owner);
    return c.json(unwrap(await (await stubOf(c)).nameDecisionOwner(c.req.param('id'), input)));
  })
  .post('/:workspace/cases/:id/sisters', async (c) => {
    const input = await bodyOf(c, RelatedCase);
    return c.json(unwrap(await (await stubOf(c)).linkRelatedCase(c.req.param('id'), input)));
  });
