import { Hono } from 'hono';
import * as z from 'zod';
import { type AppContext, stubOf, unwrap } from './context.ts';
import { bodyOf, readBody } from './read-body.ts';

const who = z.string().min(1, 'is empty; name a person of the workspace').max(100);
const Tick = z.strictObject({ done: z.boolean(), who });
const Ack = z.strictObject({ who });
const Snooze = z.strictObject({
  until: z.iso.datetime({ offset: true, error: 'is not a time; write for example 2026-11-27T09:00:00Z' }),
  reason: z.string().max(1000),
  who,
});
const Contacted = z.strictObject({ how: z.string().min(1).max(200), who });
const Invite = z.strictObject({ name: z.string(), email: z.string(), who });
const Position = z.coerce.number().int().min(1);

/** The people of a workspace, and what they do to a case's plan, ladder and contributors. */
export const peopleApi = new Hono<AppContext>()
  .get('/:workspace/people', async (c) => c.json(unwrap(await (await stubOf(c)).people())))
  .put('/:workspace/cases/:id/plan/:position', async (c) => {
    const position = readBody(Position, c.req.param('position'), 'position');
    const input = { position, ...(await bodyOf(c, Tick)) };
    return c.json(unwrap(await (await stubOf(c)).tickPlan(c.req.param('id'), input)));
  })
  .post('/:workspace/cases/:id/acknowledge', async (c) => {
    const { who: person } = await bodyOf(c, Ack);
    return c.json(unwrap(await (await stubOf(c)).acknowledge(c.req.param('id'), person, 'through the API')));
  })
  .post('/:workspace/cases/:id/snooze', async (c) => {
    const { until, ...input } = await bodyOf(c, Snooze);
    return c.json(
      unwrap(await (await stubOf(c)).snooze(c.req.param('id'), { ...input, until: Date.parse(until) })),
    );
  })
  .post('/:workspace/cases/:id/contacted', async (c) => {
    const { how, who: person } = await bodyOf(c, Contacted);
    return c.json(unwrap(await (await stubOf(c)).markContacted(c.req.param('id'), person, how)));
  })
  .post('/:workspace/cases/:id/contributors', async (c) =>
    c.json(unwrap(await (await stubOf(c)).invite(c.req.param('id'), await bodyOf(c, Invite))), 201),
  )
  .delete('/:workspace/cases/:id/contributors/:invitation', async (c) => {
    const input = { id: c.req.param('invitation'), ...(await bodyOf(c, Ack)) };
    return c.json(unwrap(await (await stubOf(c)).takeBack(c.req.param('id'), input)));
  });
