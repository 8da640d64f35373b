/*
 * Who gets an answer at every address, written down on its own: the rights of the product are compared with it. A page
 * names the least access, or the part in the case; an address of the API names the scope of a token as well. `hidden`
 * answers 404 where others answer 403.
 */

type Least = 'viewer' | 'member' | 'manager' | 'admin' | 'nobody';
type Part = 'has a part' | 'is on the case' | 'manages the case' | 'sees customer';
type Scope = 'read' | 'act' | 'settings' | 'personal-data' | 'none';
export type Demand =
  | 'everybody'
  | 'signature'
  | 'operator'
  | 'api: nothing'
  | `link: ${'sign-in' | 'survey' | 'unsubscribe' | 'acknowledge' | 'contribute' | 'feedback'}`
  | `page: ${Least | Part}${'' | ', hidden'}`
  | `api: ${Least | Part}, ${Scope}${'' | ', hidden'}`;

const rows: Record<string, Demand> = {
  'GET /': 'everybody',
  'GET /healthz': 'everybody',
  'GET /readyz': 'everybody',
  'GET /metrics': 'operator',
  'GET /styles.css': 'everybody',
  'GET /icon.svg': 'everybody',
  'GET /keys.js': 'everybody',
  'GET /set-up': 'everybody',
  'POST /set-up': 'everybody',
  'POST /sign-in': 'everybody',
  'POST /sign-in/with/:issuer': 'everybody',
  'GET /sign-in/with/:issuer': 'everybody',
  'GET /sign-in/:token': 'link: sign-in',
  'POST /sign-in/:token': 'link: sign-in',
  'POST /sign-out': 'everybody',
  'POST /hooks/:workspace/:source': 'signature',
  'POST /hooks/:workspace/:source/': 'signature',
  'POST /hooks/:workspace/trackers/:tracker': 'signature',
  'POST /hooks/:workspace/trackers/:tracker/': 'signature',
  'POST /hooks/*': 'signature',
  'ALL /hooks/*': 'everybody',
  'GET /s/:token': 'link: survey',
  'POST /s/:token': 'link: survey',
  'GET /u/:token': 'link: unsubscribe',
  'POST /u/:token': 'link: unsubscribe',
  'GET /a/:token': 'link: acknowledge',
  'POST /a/:token': 'link: acknowledge',
  'GET /c/:token': 'link: contribute',
  'POST /c/:token': 'link: contribute',
  'GET /f/:token': 'link: feedback',
  'GET /w/:workspace': 'page: viewer',
  'GET /w/:workspace/cases': 'page: viewer',
  // Each ticked case asks for its own part.
  'POST /w/:workspace/cases': 'page: viewer',
  'POST /w/:workspace/views': 'page: member',
  'GET /w/:workspace/cases/:id': 'page: viewer',
  'POST /w/:workspace/cases/:id/actions/:action': 'page: is on the case',
  'POST /w/:workspace/cases/:id/undo': 'page: is on the case',
  'POST /w/:workspace/cases/:id/messages': 'page: sees customer, hidden',
  'POST /w/:workspace/cases/:id/closing': 'page: manages the case',
  'POST /w/:workspace/cases/:id/addresses': 'page: manages the case',
  'POST /w/:workspace/cases/:id/customer': 'page: manages the case',
  'POST /w/:workspace/cases/:id/waiting': 'page: is on the case',
  'POST /w/:workspace/cases/:id/plan': 'page: has a part',
  'POST /w/:workspace/cases/:id/acknowledge': 'page: has a part',
  'POST /w/:workspace/cases/:id/contacted': 'page: has a part',
  'POST /w/:workspace/cases/:id/contributors': 'page: manages the case',
  'POST /w/:workspace/cases/:id/contributors/take-back': 'page: manages the case',
  'POST /w/:workspace/cases/:id/links': 'page: manages the case',
  'POST /w/:workspace/cases/:id/what-changed': 'page: is on the case',
  'POST /w/:workspace/cases/:id/decision': 'page: manages the case',
  'POST /w/:workspace/cases/:id/decision-owner': 'page: manages the case',
  'POST /w/:workspace/cases/:id/measure': 'page: manages the case',
  'POST /w/:workspace/cases/:id/measure/values': 'page: manages the case',
  'GET /w/:workspace/strategic': 'page: viewer',
  'GET /w/:workspace/responses': 'page: viewer',
  'GET /w/:workspace/responses/:id': 'page: viewer',
  'POST /w/:workspace/responses/:id/cases': 'page: member',
  'GET /w/:workspace/words': 'page: viewer',
  'GET /w/:workspace/triage': 'page: viewer',
  'POST /w/:workspace/triage': 'page: member',
  'GET /w/:workspace/triage/template': 'page: manager',
  'GET /w/:workspace/deliveries': 'page: viewer',
  'POST /w/:workspace/deliveries/replay': 'page: manager',
  'GET /w/:workspace/deliveries/:id': 'page: viewer',
  'POST /w/:workspace/deliveries/:id/replay': 'page: manager',
  'GET /w/:workspace/sources': 'page: viewer',
  'GET /w/:workspace/sources/:name': 'page: viewer',
  'POST /w/:workspace/sources/:name/back-fill': 'page: manager',
  'POST /w/:workspace/sources/:name/questions': 'page: manager',
  'POST /w/:workspace/sources/examples': 'page: admin',
  'GET /w/:workspace/customers': 'page: viewer',
  'GET /w/:workspace/customers/:id': 'page: viewer',
  'POST /w/:workspace/customers/:id/merge': 'page: manager, hidden',
  'POST /w/:workspace/customers/:id/part': 'page: manager, hidden',
  'POST /w/:workspace/customers/:id/export': 'page: manager, hidden',
  'POST /w/:workspace/customers/:id/mail-again': 'page: manager',
  'POST /w/:workspace/customers/:id/stop-mail': 'page: manager',
  'POST /w/:workspace/customers/:id/erase': 'page: admin, hidden',
  'GET /w/:workspace/follow-ups': 'page: viewer',
  'GET /w/:workspace/people': 'page: viewer',
  'POST /w/:workspace/people/:person/mail-again': 'page: manager',
  'POST /w/:workspace/people/:person/sign-in-link': 'page: manager',
  'GET /w/:workspace/account': 'page: viewer',
  'POST /w/:workspace/account': 'page: member',
  'POST /w/:workspace/tokens/:token/revoke': 'page: viewer',
  'GET /w/:workspace/settings/audit': 'page: admin',
  'GET /w/:workspace/settings/events': 'page: manager',
  'POST /w/:workspace/settings/events/:name': 'page: manager',
  'POST /w/:workspace/sessions/:session/end': 'page: viewer',
  'GET /w/:workspace/templates': 'page: viewer',
  'GET /w/:workspace/templates/:name': 'page: viewer',
  'POST /w/:workspace/templates/:name/backtest': 'page: manager',
  'POST /w/:workspace/templates': 'page: admin',
  'POST /w/:workspace/templates/:name/save': 'page: admin',
  'POST /w/:workspace/templates/:name/held-matches': 'page: manager',
  'POST /w/:workspace/templates/:name/stored-matches': 'page: manager',
  'POST /w/:workspace/templates/:name/cases': 'page: member',
  'GET /w/:workspace/reports': 'page: viewer',
  'GET /w/:workspace/at-risk': 'page: viewer',
  'GET /w/:workspace/outcomes': 'page: viewer',
  'GET /w/:workspace/huddle': 'page: viewer',
  'GET /w/:workspace/settings': 'page: viewer',
  'GET /w/:workspace/settings/check': 'page: viewer',
  'POST /w/:workspace/settings/check': 'page: manager',
  'POST /w/:workspace/settings/secrets': 'page: admin',
  'GET /w/:workspace/set-up': 'page: admin',
  // Its admin is an admin of the deployment as well.
  'GET /w/:workspace/workspaces': 'page: admin',
  'POST /w/:workspace/workspaces': 'page: admin',
  'POST /w/:workspace/set-up/:part': 'page: admin',
  'GET /w/:workspace/settings/imports': 'page: viewer',
  'POST /w/:workspace/settings/imports': 'page: manager',
  'POST /w/:workspace/settings/imports/check': 'page: manager',
  'POST /w/:workspace/settings/reported': 'page: manager',
  'GET /w/:workspace/settings/parts/:part': 'page: manager',
  'POST /w/:workspace/settings/parts/:part': 'page: admin',
  'GET /w/:workspace/settings/versions': 'page: viewer',
  'POST /w/:workspace/settings/versions': 'page: admin',
  'GET /w/:workspace/*': 'page: viewer',
  'POST API/cases/:id/actions/:action': 'api: nothing',
  'ALL API/*': 'api: nothing',
  'GET /openapi.json': 'everybody',
  'GET /docs': 'everybody',
  'GET API/cases/:id': 'api: viewer, read',
  'POST API/cases': 'api: member, act',
  'GET API/cases/:id/messages': 'api: viewer, read',
  'POST API/cases/:id/messages': 'api: sees customer, act, hidden',
  'POST API/cases/:id/closing': 'api: manages the case, act',
  'POST API/cases/:id/addresses/:address': 'api: manages the case, act',
  'POST API/cases/:id/customer': 'api: manages the case, act',
  'GET API/cases/:id/signs': 'api: viewer, read',
  'GET API/strategic': 'api: viewer, read',
  'GET API/cases/:id/strategic': 'api: viewer, read',
  'GET API/cases/:id/links': 'api: viewer, read',
  'POST API/cases/:id/links': 'api: manages the case, act',
  'POST API/cases/:id/decision': 'api: manages the case, act',
  'POST API/cases/:id/measure': 'api: manages the case, act',
  'POST API/cases/:id/what-changed': 'api: is on the case, act',
  'POST API/cases/:id/decision-owner': 'api: manages the case, act',
  'GET API/cases': 'api: viewer, read',
  'GET API/words': 'api: viewer, read',
  'GET API/words/terms': 'api: viewer, read',
  'GET API/responses': 'api: viewer, read',
  'GET API/follow-ups': 'api: viewer, read',
  'GET API/mails': 'api: viewer, read',
  'GET API/deliveries': 'api: viewer, read',
  'GET API/customers': 'api: viewer, read',
  'GET API/responses/:id': 'api: viewer, read',
  'GET API/responses/:id/context': 'api: viewer, read',
  'POST API/responses/:id/cases': 'api: member, act',
  'GET API/deliveries/:id': 'api: viewer, read',
  'GET API/customers/:id': 'api: viewer, read',
  'GET API/ledger/:key': 'api: manager, personal-data',
  'GET API/sources': 'api: viewer, read',
  'GET API/sources/:name': 'api: viewer, read',
  'POST API/sources/:name/back-fill': 'api: manager, act',
  'POST API/sources/:name/import': 'api: manager, act',
  'POST API/sources/:name/import/check': 'api: manager, act',
  'PUT API/customers': 'api: manager, personal-data',
  'POST API/deliveries/:id/replay': 'api: manager, act',
  'GET API/at-risk': 'api: viewer, read',
  'GET API/outcomes': 'api: viewer, read',
  'POST API/cases/:id/measure/values': 'api: manages the case, act',
  'POST API/reported/surveys': 'api: manager, act',
  'POST API/reported/outcomes': 'api: manager, act',
  'POST API/reported/counts': 'api: manager, act',
  'POST API/deliveries/replay': 'api: manager, act',
  'GET API/triage': 'api: viewer, read',
  'POST API/triage/template': 'api: manager, read',
  'POST API/triage': 'api: member, act',
  'POST API/templates/:name/stored-matches': 'api: manager, act',
  'GET API/held-matches': 'api: viewer, read',
  'POST API/templates/:name/held-matches': 'api: manager, act',
  'POST API/trackers/retry': 'api: manager, act',
  'POST API/poll': 'api: manager, act',
  'GET API/people': 'api: viewer, read',
  'PUT API/cases/:id/plan/:position': 'api: has a part, act',
  'POST API/cases/:id/acknowledge': 'api: has a part, act',
  'POST API/cases/:id/contacted': 'api: has a part, act',
  'POST API/cases/:id/contributors': 'api: manages the case, act',
  'DELETE API/cases/:id/contributors/:invitation': 'api: manages the case, act',
  'POST API/sign-in-links': 'api: nobody, none',
  'POST API/people-data/merge': 'api: manager, personal-data, hidden',
  'POST API/people-data/part': 'api: manager, personal-data, hidden',
  'POST API/people-data/export': 'api: manager, personal-data, hidden',
  'POST API/people-data/erase': 'api: admin, personal-data, hidden',
  'POST API/people-data/mail-again': 'api: manager, personal-data',
  'POST API/people-data/stop-mail': 'api: manager, personal-data',
  'GET API/settings': 'api: manager, settings',
  'PUT API/settings': 'api: admin, settings',
  'POST API/settings/validate': 'api: manager, settings',
  'GET API/settings/versions': 'api: viewer, read',
  'GET API/settings/versions/:version': 'api: manager, settings',
  'GET API/events': 'api: manager, read',
  'GET API/events/:name/attempts': 'api: manager, read',
  'POST API/events/:name/replay': 'api: manager, act',
  'GET API/health': 'api: manager, read',
  'GET API/secrets': 'api: admin, settings',
  'POST API/trackers/check': 'api: manager, act',
  'GET API/templates': 'api: viewer, read',
  'GET API/templates/:name/versions': 'api: viewer, read',
  'POST API/backtest': 'api: manager, read',
  'GET API/huddle': 'api: viewer, read',
  'GET API/reports': 'api: viewer, read',
  'GET API/reports/loops': 'api: viewer, read',
  'GET API/tokens': 'api: viewer, settings',
  'POST API/tokens': 'api: member, none',
  'DELETE API/tokens/:token': 'api: viewer, settings',
  'GET API/audit': 'api: admin, settings',
  'POST API/backups': 'api: admin, personal-data',
  'POST API/restore': 'api: nobody, none',
  'GET API/hold': 'api: admin, read',
  'POST API/hold/release': 'api: admin, act',
  'GET /w/:workspace/hold': 'page: admin',
  'POST /w/:workspace/hold/release': 'page: admin',
  'GET API/backups/lines': 'api: admin, personal-data',
  'DELETE API/backups': 'api: admin, personal-data',
};

/** Actions on a case share a demand. */
const actionDemand: Demand = 'api: is on the case, act';

/** The demand of an address; undefined for one that nobody wrote down. */
export function findDemand(method: string, path: string): Demand | undefined {
  const title = `${method} ${path.replace('/api/v1/workspaces/:workspace/', 'API/')}`;
  return rows[title] ?? (/ API\/cases\/:id\/actions\/[a-z]/.test(title) ? actionDemand : undefined);
}

export const listDemandedAddresses = (): string[] =>
  Object.keys(rows).map((title) => title.replace('API/', '/api/v1/workspaces/:workspace/'));

/** Somebody who asks, as far as the matrix tells people apart. */
export interface Asking {
  /** Key of the person, with a session or a token. */
  person?: string;
  /** Scopes of a token; absent for a session and for the token of the deployment. */
  scopes?: string[];
  /** Whether it is a token of a program. */
  program?: boolean;
  link?: string;
}

const accesses = ['viewer', 'member', 'manager', 'admin'];
/** People of the played workspace, with their parts in its tactical and its strategic case. */
const people: Record<string, { access: string; tactical: Part[]; strategic: Part[] }> = {
  pat: { access: 'viewer', tactical: [], strategic: [] },
  mette: { access: 'member', tactical: [], strategic: ['has a part'] },
  sam: { access: 'member', tactical: ['has a part', 'is on the case', 'sees customer'], strategic: ['has a part'] },
  dana: {
    access: 'manager',
    tactical: ['has a part', 'is on the case', 'manages the case', 'sees customer'],
    strategic: ['has a part', 'is on the case', 'manages the case', 'sees customer'],
  },
  priya: {
    access: 'admin',
    tactical: ['has a part', 'is on the case', 'manages the case', 'sees customer'],
    strategic: ['has a part', 'is on the case', 'manages the case', 'sees customer'],
  },
};

/** The status of a refusal, or null where the request is let in. */
export function findRefusal(demand: Demand, asking: Asking, kind: 'tactical' | 'strategic'): number | null {
  if (demand === 'everybody') return null;
  if (demand === 'signature' || demand === 'operator') return 401;
  const { person, scopes, program, link } = asking;
  if (demand.startsWith('link: ')) return demand === `link: ${link}` ? null : 404;
  const isToken = program === true || scopes !== undefined;
  if (demand === 'api: nothing') return isToken ? 404 : 401;
  const [, door, wanted = '', more = ''] = /^(\w+): ([^,]+)(.*)$/.exec(demand) ?? [];
  if (door === 'page' ? isToken || !person : !isToken) return 401;
  const scope = door === 'api' ? more.split(', ')[1] : undefined;
  if (scopes && scope && !scopes.includes(scope)) return 403;
  if (program) return null;
  const known = people[person ?? ''];
  if (!known) return 401;
  const isAccess = accesses.includes(wanted);
  const may = isAccess
    ? accesses.indexOf(known.access) >= accesses.indexOf(wanted)
    : known[kind].includes(wanted as Part);
  if (may) return null;
  return more.includes('hidden') ? 404 : 403;
}
