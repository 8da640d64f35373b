import type { Route } from '#src/routes/doors.tsx';

/* A request for every address: the path with real ids, and a body that would work. */

export interface Known {
  workspace: string;
  files: object[];
  tactical: string;
  strategic: string;
  response: string;
  delivery: string;
  invitation: string;
  followUp: string;
  signInLink: string;
  session: string;
  token: string;
}

/** Operations whose requests are about the strategic case; others are about the tactical one. */
export const onStrategic = [
  'strategicCase',
  'decide',
  'nameDecisionOwner',
  'measure',
  'takeMeasureValues',
  'setWhatChanged',
  'tickPlan',
];

export function pathOf({ path, operation }: Route, known: Known, token: string): string {
  const caseId = onStrategic.includes(operation ?? '') ? known.strategic : known.tactical;
  const customer = operation === 'erasePerson' ? '2' : '1';
  return path
    .replace(':workspace', known.workspace)
    .replace('cases/:id', `cases/${caseId}`)
    .replace('responses/:id', `responses/${known.response}`)
    .replace('deliveries/:id', `deliveries/${known.delivery}`)
    .replace('customers/:id', `customers/${customer}`)
    .replace('events/:name', 'events/crm')
    .replace('templates/:name', 'templates/upgrade-not-installed')
    .replace(/:source|sources\/:name/, (part) => (part === ':source' ? 'upgrade-survey' : 'sources/upgrade-survey'))
    .replace(':tracker', 'support')
    .replace(':issuer', 'acme')
    .replace('parts/:part', 'parts/people')
    .replace('tokens/:token', `tokens/${known.token}`)
    .replace(':token', token)
    .replace('actions/:action', path.startsWith('/w/') ? 'actions/severity' : 'actions/none')
    .replace(':position', '1')
    .replace(':invitation', known.invitation)
    .replace(':key', 'cust-planted')
    .replace(':version', '1')
    .replace(':person', 'sam')
    .replace(':session', known.session)
    .replace('*', 'nowhere');
}

const who = 'dana';
const reason = 'The customer rang us.';

const bodies = (known: Known): Record<string, object> => ({
  openByHand: { template: 'upgrade-not-installed', customer: null, reason, who },
  changeSettings: { template: 'detractor' },
  renameQuestion: { alias: 'wish', question: 'wish', who },
  decideHeld: { decision: 'drop', who },
  act: { who, because: 'It works again.' },
  writeToCustomer: { subject: 'Your upgrade', text: 'We look at it.', who },
  decideAddress: { accept: true, who },
  nameCustomer: { key: 'cust-named', who },
  decideClosing: { decision: 'leave', who },
  tickPlan: { done: true, who },
  acknowledge: { who },
  markContacted: { how: 'by telephone', who },
  invite: { name: 'Lee', email: 'lee@partner.example', who },
  cancelRow: { who },
  link: { kind: 'elevated-to', to: known.strategic, reason, who },
  decide: { text: 'A new installer comes.', who },
  nameDecisionOwner: { person: 'dana', who },
  measure: { name: 'Calls a week', before: 10, who },
  takeMeasureValues: { values: [{ day: '2026-11-20', value: 10 }], who },
  setWhatChanged: { text: 'The installer is new.', who },
  backFill: { since: '2026-11-01' },
  replayEvents: { since: '2026-11-01', who },
  putCustomers: { customers: [{ key: 'listed' }] },
  mergeKeys: { keys: ['cust-planted', 'cust-forgotten'], key: 'cust-forgotten', who },
  partKey: { key: 'cust-planted', who },
  exportPerson: { person: 'cust-planted' },
  mailAgain: { person: 'cust-planted', reason },
  stopMail: { person: 'cust-forgotten', reason },
  erasePerson: { person: 'cust-forgotten' },
  createSignInLink: { person: 'dana' },
  createToken: { name: `t-${Math.random()}`, scopes: ['read'], days: 1 },
  push: { files: known.files },
  validate: { files: known.files },
  backtest: { template: 'upgrade-not-installed' },
});

const reportedOf = (path: string): object[] =>
  path.endsWith('surveys')
    ? [{ customer: 'cust-planted', survey: 'relationship', at: '2026-11-20' }]
    : path.endsWith('outcomes')
      ? [{ customer: 'cust-planted', outcome: 'stayed', day: '2026-11-20' }]
      : [{ source: 'upgrade-survey', day: '2026-11-20', count: 1 }];

export function jsonOf({ path, operation, endpoint }: Route, known: Known): { body: string; type: string } {
  if (operation === 'takeReported')
    return { body: JSON.stringify({ rows: reportedOf(path), who }), type: 'application/json' };
  if (endpoint?.csv === 'always') return { body: 'response_id,completed\nr-1,no\n', type: 'text/csv' };
  return { body: JSON.stringify(bodies(known)[operation ?? ''] ?? {}), type: 'application/json' };
}

/** The fields of a page's form. */
export function formOf(operation: Route['operation'], known: Known): URLSearchParams | FormData {
  if (operation === 'putCustomers' || operation === 'takeReported') {
    const form = new FormData();
    const text = operation === 'putCustomers' ? 'key\nlisted\n' : 'customer,survey,at\ncust-planted,nps,2026-11-20\n';
    form.set('file', new File([text], 'list.csv', { type: 'text/csv' }));
    return form;
  }
  const fields = bodies(known)[operation ?? ''] ?? {};
  return new URLSearchParams({
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
    ...(operation === 'takeMeasureValues' && { values: '2026-11-20, 10' }),
    value: 'low',
    read: 'yes',
    base: '1',
    ...(operation === 'push' && { version: '1' }),
    invitation: known.invitation,
    position: '1',
    done: 'yes',
    confirm: 'erase',
    text: 'A text of some words.',
    decision: 'leave',
    event: 'shipped',
  });
}
