import { Hono } from 'hono';
import * as z from 'zod';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { actionDefinitions } from '#domain/cases/action.ts';
import { type AppContext, stubOf, unwrap } from './context.ts';
import { bodyOf } from './read-body.ts';

const text = z.string('is not text').max(4000, 'is longer than 4000 characters');
const Body = z
  .object({
    who: z.string('is missing; name the person of the workspace who wants it').max(100),
    because: text.nullable().default(null),
    'root-cause': text.nullable().default(null),
    'what-changed': text.nullable().default(null),
    mention: z.array(z.string().max(100)).max(20).default([]),
    once: z.string().min(1).max(100).nullable().default(null),
  })
  .catchall(text);

/** `POST cases/ID/actions/severity { "severity": "high", "who": "dana" }`: a value goes by the name of its action. */
export const actionApi = new Hono<AppContext>().post('/:workspace/cases/:id/actions/:action', async (c) => {
  const shape = actionDefinitions.find(({ name }) => name === c.req.param('action'));
  if (!shape) {
    const names = actionDefinitions.map(({ name }) => name).join(', ');
    throw new AppError('not-found', `There is no such action; the actions are ${names}.`);
  }
  const { name: action, value: takesValue } = shape;
  const {
    who,
    because,
    mention,
    once,
    'root-cause': cause,
    'what-changed': changed,
    ...said
  } = await bodyOf(c, Body);
  const [strange] = Object.keys(said).filter((field) => !takesValue || field !== action);
  if (strange !== undefined) {
    const message = takesValue ? `is not known here; the value goes by "${action}"` : 'is not known here';
    throw new InvalidInputError(`${strange}: ${message}`, [{ field: strange, message }]);
  }
  const values: Record<string, string | null> = { ...said, 'root-cause': cause, 'what-changed': changed };
  const input = {
    action,
    value: values[action] ?? '',
    because,
    rootCause: action === 'root-cause' ? null : cause,
    whatChanged: action === 'what-changed' ? null : changed,
    mention,
    who,
    once,
  };
  return c.json(unwrap(await (await stubOf(c)).act(c.req.param('id'), input)), 202);
});
