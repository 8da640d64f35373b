import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { type DeskIssue, deskPage, troublePage } from './desk-page.ts';
import type { TrackerUser } from './tracker-user.ts';

const deed = z.object({
  as: z.string().trim().min(1, 'Say who acts.'),
  kind: z.enum(['completed', 'not-planned', 'duplicate']).optional(),
  text: z.string().trim().default(''),
});

/**
 * A page on which a tester comments on, closes and reopens emulated issues under any account. Each action accepts a
 * form or JSON: `POST /{kind}/{key}/comment|close|reopen` with `as`, and optionally `text` and `kind`.
 */
export function createDesk(options: {
  trackerUser: TrackerUser[];
  /** Titles of trackers by kind. */
  titles?: Map<string, string>;
  /** Names by account, for the page's list of people. */
  names?: Map<string, string>;
  inboxUrl: string;
  dashboardUrl: string;
  /** Called after each action, as a tracker's webhook would be. */
  onAction?: () => void;
}): Hono {
  const app = new Hono();

  async function list(): Promise<DeskIssue[]> {
    const each = options.trackerUser.map(async (trackerUser) => {
      return (await trackerUser.list()).map((issue) => ({ ...issue, tracker: trackerUser.kind }));
    });
    return (await Promise.all(each)).flat();
  }

  app.onError((error, c) => {
    const message = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : error.message;
    const status = error instanceof z.ZodError || error instanceof SyntaxError ? 400 : 502;
    return isJson(c) ? c.json({ error: message }, status) : c.html(troublePage(message), status);
  });

  app.get('/', async (c) => {
    const wanted = c.req.query('tracker');
    const issues = await list();
    const shown = wanted ? issues.filter(({ tracker }) => tracker === wanted) : issues;
    const people = new Map(options.trackerUser.map((trackerUser) => [trackerUser.kind, trackerUser.people]));
    return c.html(
      deskPage({
        ...options,
        names: options.names ?? new Map(),
        titles: options.titles ?? new Map(),
        issues: shown,
        people,
        wanted,
        me: c.req.query('as'),
      }),
    );
  });

  app.get('/issues.json', async (c) => c.json(await list()));

  app.post('/:tracker/:key/:deed{comment|close|reopen}', async (c) => {
    const { tracker, key } = c.req.param();
    const trackerUser = options.trackerUser.find(({ kind }) => kind === tracker);
    if (!trackerUser) return c.notFound();
    const { as, kind, text } = deed.parse(isJson(c) ? await c.req.json() : await c.req.parseBody());
    if (text) await trackerUser.comment(key, as, text);
    if (c.req.param('deed') === 'close') await trackerUser.close(key, as, kind);
    if (c.req.param('deed') === 'reopen') await trackerUser.reopen(key, as);
    options.onAction?.();
    if (!isJson(c)) return c.redirect(`/?as=${encodeURIComponent(as)}#${tracker}-${key}`, 303);
    return c.json((await list()).find((issue) => issue.tracker === tracker && issue.key === key));
  });

  return app;
}

function isJson(c: Context): boolean {
  return c.req.header('content-type')?.startsWith('application/json') ?? false;
}
