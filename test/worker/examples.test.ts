import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderMail } from '#test/harness/alert-mails.ts';
import { newWorkspace, readFormFields, signInAs } from './harness.ts';
import { useNetwork } from './network.ts';

useNetwork();

const alert = (score: number, email: string, words: string) =>
  renderMail({
    id: email,
    parts: [{ type: 'text/plain', text: `Rating: ${score}\nE-mail: ${email}\nWent wrong: ${words}\n` }],
  });

async function open(person: string) {
  const workspace = await newWorkspace((yaml) => `${yaml}admins: [dana]\n`);
  const cookie = await signInAs(workspace.call, person);
  const post = (body: FormData) =>
    exports.default.fetch(`https://caselite.test/w/${workspace.name}/sources/examples`, {
      method: 'POST',
      body,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
  const upload = (...mails: Uint8Array[]) => {
    const body = new FormData();
    body.set('name', 'alerts');
    for (const [index, mail] of mails.entries())
      body.set(index === 0 ? 'first' : 'second', new File([new Uint8Array(mail)], 'alert.eml'));
    return post(body);
  };
  const save = (fields: Record<string, string>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return post(body);
  };
  return { ...workspace, upload, save };
}

test('two alerts make a proposal, which an admin corrects and saves as a source', async () => {
  const { call, name, upload, save, visit } = await open('dana');
  const page = await (
    await upload(alert(2, 'ann@customer.example', 'Slow.'), alert(9, 'bo@customer.example', 'Nothing.'))
  ).text();
  expect(page).toContain('Slow.');
  const fields = readFormFields(page.slice(page.indexOf('id="examples"')));
  expect(parse(fields.entry ?? '')).toMatchObject({
    kind: 'mail',
    senders: ['alerts@survey.example'],
    relay: 'mx.acme.example',
  });
  const refused = await save({ ...fields, entry: `${fields.entry}\nsenders: []` });
  expect(refused.status).toBe(422);
  const wrong = await save({ ...fields, entry: (fields.entry ?? '').replace('alerts@survey.example', 'nobody') });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('nobody');
  expect(
    (await save({ ...fields, entry: (fields.entry ?? '').replace('alerts@survey.example', '"@survey.example"') }))
      .status,
  ).toBe(303);
  const { items } = (await (await call('GET', 'sources')).json()) as {
    items: { name: string; mailAddress: string | null }[];
  };
  expect(items.find((source) => source.name === 'alerts')?.mailAddress).toBe(`${name}.alerts@YOUR-DOMAIN`);
  const dana = await visit('dana');
  expect(await (await dana('/sources/alerts')).text()).toContain(`${name}.alerts@YOUR-DOMAIN`);
});

test('nothing is proposed of no file, of a file that is no alert, and for people who are no admins', async () => {
  const { upload } = await open('dana');
  expect((await upload()).status).toBe(422);
  expect((await upload(new TextEncoder().encode('hello'))).status).toBe(422);
  const mette = await open('mette');
  expect((await mette.upload(alert(2, 'ann@customer.example', 'Slow.'))).status).toBe(403);
});
