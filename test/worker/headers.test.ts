import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { routes } from '#src/routes/routes.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network } from './network.ts';

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

test('every address sends the headers that bind a browser, and no page is kept', async () => {
  network.use(...emulatedHosts().handlers);
  const { name, visit } = await newWorkspace((yaml) => `${yaml}admins: [dana]\n`);
  const dana = await visit('dana');
  const paths = routes.filter(({ method }) => method === 'GET').map(({ path }) => path.replace(/:\w+|\*/g, 'x'));
  for (const path of paths) {
    const ofWorkspace = path.replace(/^\/w\/x/, '');
    const answer = path.startsWith('/w/x')
      ? await dana(ofWorkspace)
      : await exports.default.fetch(`https://caselite.test${path.replace('workspaces/x', `workspaces/${name}`)}`);
    const { headers } = answer;
    expect([path, headers.get('content-security-policy')]).toEqual([path, policy]);
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
    expect([path, headers.get('referrer-policy')]).toEqual([
      path,
      path.startsWith('/f/') ? 'no-referrer' : 'same-origin',
    ]);
    expect([path, headers.get('strict-transport-security')]).toEqual([path, 'max-age=15552000; includeSubDomains']);
    if (path.startsWith('/w/')) expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
    await answer.text();
  }
});
