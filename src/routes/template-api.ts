import { Hono } from 'hono';
import * as z from 'zod';
import { type AppContext, stubOf, unwrap } from './context.ts';
import { bodyOf } from './read-body.ts';

const Files = z.strictObject({
  files: z
    .array(
      z.strictObject({
        kind: z.enum(['workspace', 'case-template', 'survey']),
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
        text: z.string().max(200_000),
      }),
    )
    .min(1)
    .max(500),
});
const Backtest = z.strictObject({
  template: z.string(),
  text: z.string().max(200_000).nullable().default(null),
  against: z.int().min(1).nullable().default(null),
});
const text = z.string().max(300).nullable().default(null);
const ByHand = z.strictObject({
  template: z.string(),
  customer: z
    .strictObject({
      key: z.string().min(1).max(300),
      email: z.email('is not an e-mail address').nullable().default(null),
      name: text,
      tier: text,
      revenue: z.number().nullable().default(null),
    })
    .nullable()
    .default(null),
  reason: z.string().min(1, 'is empty; say in a line why').max(1000),
  who: z.string().default('the API'),
});
const Goal = z.strictObject({
  goal: z.string(),
  reason: z.string().max(1000),
  who: z.string().default('the API'),
});
const Clock = z.strictObject({
  paused: z.boolean(),
  reason: z.string().min(1, 'is empty; say why').max(1000),
  who: z.string().default('the API'),
});

/** Templates, versions of settings, backtests, and what people do to a case's clock. */
export const templateApi = new Hono<AppContext>()
  .get('/:workspace/templates', async (c) =>
    c.json({ items: unwrap(await (await stubOf(c)).templates()), next: null }),
  )
  .get('/:workspace/templates/:name/versions', async (c) =>
    c.json({ items: unwrap(await (await stubOf(c)).versions(c.req.param('name'))), next: null }),
  )
  .get('/:workspace/settings/versions', async (c) =>
    c.json({ items: unwrap(await (await stubOf(c)).versions(null)), next: null }),
  )
  .get('/:workspace/settings/versions/:version', async (c) =>
    c.json(unwrap(await (await stubOf(c)).settingsAt(Number(c.req.param('version'))))),
  )
  .post('/:workspace/settings/validate', async (c) => {
    const { files } = await bodyOf(c, Files);
    return c.json(unwrap(await (await stubOf(c)).validate(files)));
  })
  .post('/:workspace/backtest', async (c) => {
    const request = await bodyOf(c, Backtest);
    return c.json(unwrap(await (await stubOf(c)).backtest(request)));
  })
  .post('/:workspace/cases', async (c) => {
    const byHand = await bodyOf(c, ByHand);
    return c.json(unwrap(await (await stubOf(c)).openByHand(byHand)), 201);
  })
  .post('/:workspace/cases/:id/goal', async (c) => {
    const change = await bodyOf(c, Goal);
    return c.json(unwrap(await (await stubOf(c)).changeGoal(c.req.param('id'), change)));
  })
  .post('/:workspace/cases/:id/clock', async (c) => {
    const { paused, who, reason } = await bodyOf(c, Clock);
    const workspace = await stubOf(c);
    const change = paused ? workspace.pauseClock : workspace.resumeClock;
    return c.json(unwrap(await change(c.req.param('id'), who, reason)));
  });
