import type { ResponseJson } from '#domain/json/intake-json.ts';
import { ResponseListPage } from '../views/response-list.tsx';
import { ResponsePage } from '../views/response-page.tsx';
import { idOf, MissingThingPage, type PageHandler, unwrapOrNull } from './page.tsx';
import { unwrap } from './workspace-access.ts';

const responsesPerPage = 50;

export const showResponses: PageHandler = async (c, visit, workspace) => {
  const cursor = c.req.query('before') || null;
  const { items, next } = unwrap(await workspace.list({ what: 'responses', cursor, limit: responsesPerPage }));
  const responses = items.filter((item): item is ResponseJson => 'decisions' in item);
  return c.html(<ResponseListPage visit={visit} responses={responses} next={next} newest={cursor === null} />);
};

export const showResponse: PageHandler = async (c, visit, workspace) => {
  const response = unwrapOrNull(await workspace.response(idOf(c)));
  if (!response) return c.html(<MissingThingPage visit={visit} what="response" />, 404);
  return c.html(<ResponsePage visit={visit} response={response} />);
};
