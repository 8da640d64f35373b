import { describe, expect, it } from 'vitest';
import { takeViolations, type Vendor, validatingAnswers, validatingRequests } from './validating.ts';

const api = 'https://api.test';
const issues = `${api}/repos/acme/product/issues`;

async function sent(vendor: Vendor, url: string, method = 'GET', body?: unknown): Promise<string> {
  const fetch = validatingRequests(vendor, async () => new Response());
  await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return takeViolations().join('\n');
}

async function answered(vendor: Vendor, url: string, answer: Response, body?: unknown): Promise<string> {
  const fetch = validatingAnswers(vendor, async () => answer);
  await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  return takeViolations().join('\n');
}

describe('what leaves a vendor’s description is named', () => {
  it.each<[string, Vendor, string, string, unknown, RegExp]>([
    ['a path', 'github', `${api}/repos/acme/product/isues`, 'GET', undefined, /is no operation/],
    ['a method', 'github', `${issues}/1`, 'DELETE', undefined, /is no operation/],
    ['a query parameter', 'github', `${issues}?sort=updated&staet=all`, 'GET', undefined, /staet/],
    ['a query value', 'github', `${issues}?state=every`, 'GET', undefined, /query \/state/],
    ['a missing field', 'github', issues, 'POST', { body: 'x' }, /required property 'title'/],
    ['a misspelt field', 'github', issues, 'POST', { title: 'x', asignees: [] }, /asignees/],
    ['a wrong type', 'github', issues, 'POST', { title: 'x', labels: 'a' }, /\/labels/],
    ['a missing body', 'github', issues, 'POST', undefined, /body is missing/],
    [
      'a Jira comment as text',
      'jira',
      `${api}/rest/api/3/issue/1/transitions`,
      'POST',
      { transition: 7 },
      /transition/,
    ],
    ['a field of Linear', 'linear', api, 'POST', { query: '{ viewer { nickname } }' }, /nickname/],
    [
      'a variable of Linear',
      'linear',
      api,
      'POST',
      {
        query: 'mutation m($input: IssueCreateInput!) { issueCreate(input: $input) { success } }',
        variables: { input: { title: 'x' } },
      },
      /teamId/,
    ],
  ])('%s', async (_, vendor, url, method, body, problem) => {
    expect(await sent(vendor, url, method, body)).toMatch(problem);
  });

  it('an answer without a required field, of a wrong status, or an error of another shape', async () => {
    expect(await answered('github', `${issues}/1`, Response.json({ number: 1 }))).toMatch(/html_url/);
    expect(await answered('github', `${issues}/1`, new Response('', { status: 202 }))).toMatch(/no answer of/);
    expect(await answered('github', `${issues}/1`, Response.json({ message: 7 }, { status: 403 }))).toMatch(/message/);
    expect(await answered('jira', `${api}/rest/api/3/myself`, Response.json({ accountId: 7 }))).toMatch(/accountId/);
  });

  it('a result of Linear that lacks, adds or mistypes a field', async () => {
    const body = { query: '{ viewer { id email isMe } }' };
    const result = (viewer: unknown) => answered('linear', api, Response.json({ data: { viewer } }), body);
    const viewer = { id: 'u1', email: 'dana@acme.example', isMe: true };
    expect(await result(viewer)).toBe('');
    expect(await result({ ...viewer, email: null })).toMatch(/viewer.email is null/);
    expect(await result({ id: 'u1', email: 'x' })).toMatch(/viewer.isMe is null/);
    expect(await result({ ...viewer, name: 'Dana' })).toMatch(/name, not asked for/);
    expect(await result({ ...viewer, isMe: 'yes' })).toMatch(/no Boolean/);
  });
});

describe('what fits is let through', () => {
  it('null where GitHub allows it, and an answer to a condition', async () => {
    expect(await sent('github', issues, 'POST', { title: 'x', labels: ['a'], assignee: null })).toBe('');
    const fetch = validatingAnswers('github', async () => new Response(null, { status: 304 }));
    await fetch(issues, { headers: { 'if-none-match': '"a"' } });
    expect(takeViolations()).toEqual([]);
  });
});
