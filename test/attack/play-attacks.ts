import { floods, links, otherSites, otherWorkspaces, wrongSessions, wrongTokens } from './access.ts';
import { type Attack, textOfBody } from './attack.ts';
import { copies, forgedDeliveries, poison } from './deliveries.ts';
import { oddFields } from './fields.ts';
import { alertSource } from './hostile-mails.ts';
import { inputAttacks } from './input.ts';
import { hostileAlerts, hostileCaseReplies } from './mails.ts';
import { ownOrigin, Running, type Tally, tally } from './running.ts';
import { generatedTexts, hostileTexts } from './texts.ts';

/* `npm run attack`: plays attacks against a Caselite of its own on loopback, and prints what was tried and what held. */

async function* listedAttacks(running: Running, attacks: Attack[]): AsyncGenerator<string | null> {
  const { token, workspace } = running.run;
  const cookie = await running.signIn('dana');
  const credentials: Record<Attack['as'], Record<string, string>> = {
    nobody: ownOrigin,
    program: { authorization: `Bearer ${token}` },
    manager: { ...ownOrigin, cookie },
    tool: {},
  };
  for (const attack of attacks) {
    const path = attack.path.replace(':workspace', workspace).replace(':source', 'feedback-form');
    const text = attack.body === undefined ? null : textOfBody(attack.body);
    const signed =
      attack.as === 'tool' && text !== null
        ? await running.sign('feedback-form', new TextEncoder().encode(text))
        : null;
    const headers = { ...credentials[attack.as], ...signed?.headers, ...attack.headers };
    const answer = await running.ask(path, { method: attack.method, headers, body: text });
    const said = await answer.text();
    const isHeld = answer.status === attack.status && said.includes(attack.says ?? '');
    yield isHeld ? null : `${attack.name}: answered ${answer.status} instead of ${attack.status}`;
  }
}

/** The system still answers at once, to everybody. */
async function* stillAnswers(running: Running): AsyncGenerator<string | null> {
  for (const path of ['/healthz', '/readyz', '/sign-in/x']) {
    const { status } = await running.ask(path);
    yield status < 500 ? null : `${path} answered ${status}`;
  }
}

const running = await Running.start({}, alertSource);
const results: Tally[] = [];
try {
  const classes: [string, AsyncGenerator<string | null>][] = [
    ['wrong and missing tokens', wrongTokens(running)],
    ['wrong and ended sessions', wrongSessions(running)],
    ['forms from other sites', otherSites(running)],
    ['guessed and repeated links', links(running)],
    ['other workspaces and ids', otherWorkspaces(running)],
    ['forged deliveries', forgedDeliveries(running)],
    ['copies', copies(running)],
    ['poison', poison(running)],
    ['too large, too deep, too many', listedAttacks(running, inputAttacks)],
    ['odd fields of the API', oddFields(running)],
    ['hostile mails', hostileAlerts(running)],
    ['hostile replies', hostileCaseReplies(running)],
    ['hostile texts', hostileTexts(running)],
    ['words of a grammar, and canaries', generatedTexts(running)],
    ['floods from one address', floods(running)],
    ['the system afterwards', stillAnswers(running)],
  ];
  for (const [name, attacks] of classes) {
    const result = await tally(name, attacks);
    results.push(result);
    const { tried, broken } = result;
    console.log(
      `${name.padEnd(32)} ${String(tried).padStart(5)} tried ${String(tried - broken.length).padStart(5)} held`,
    );
    for (const line of broken.slice(0, 20)) console.log(`  NOT HELD ${line}`);
  }
} finally {
  await running.stop();
}
process.exitCode = results.some(({ broken }) => broken.length > 0) ? 1 : 0;
