import type * as port from '#domain/integrations/index.ts';
import { Findings } from './connections-page.tsx';
import { Hook, SourceHook, TestIssueState } from './hooks-and-test-issues.tsx';
import * as ui from './kit.ts';
import { Frame } from './message-page.tsx';
import { secretInput } from './secrets-section.tsx';
import { RefusedDeliveries } from './source-pages.tsx';

const code = ui.line('code', 'Code, from the terminal or the file set-up.txt', 100, { more: { autocomplete: 'off' } });

const listBeginningFields = (zone: string, person = '') => [
  ui.line('name', 'Name of the workspace, such as Finance feedback', 60),
  ui.line('time-zone', 'Time zone, such as Europe/Berlin', 60, { value: zone }),
  ui.line('person', 'Your name', 60, { value: person }),
  ui.line('email', 'Your e-mail address', 254, { type: 'email' }),
];

/** The first page of a deployment without a workspace, for the holder of the code. */
export const FirstPage = ({ problem }: { problem: ui.FormProblem | null }) => (
  <Frame title="Set up Caselite">
    <p>Caselite turns unhappy survey answers into issues, and asks customers whether the problem is solved.</p>
    <ui.PageProblem.Provider value={problem}>
      <ui.Form action="/set-up" fields={[code, ...listBeginningFields('Europe/Berlin')]} button="Begin" />
    </ui.PageProblem.Provider>
  </Frame>
);

/** The page of an admin of the deployment for a further workspace. */
export const BeginPage = ({ visit }: { visit: ui.Visit }) => (
  <ui.WorkspacePage visit={visit} title="Begin another workspace" tab="Set up">
    <div class="card stack">
      <p>
        It shares nothing with this one: it has its own tools, people and feedback. You become its admin, and this
        browser signs in there in place of here.
      </p>
      <ui.Form
        action={`/w/${visit.workspace}/workspaces`}
        fields={listBeginningFields(visit.timeZone, ui.nameOf(visit, visit.person))}
        button="Begin"
      />
    </div>
  </ui.WorkspacePage>
);

/** `isNested` needs settings that only the form of all settings can take. */
export type VendorChoice = Record<'kind' | 'title', string> & {
  clicks?: string;
  fields: ui.FormField[];
  isNested: boolean;
};

export interface SetUpPageProps {
  visit: ui.Visit;
  setUp: ui.Value<'setUp'>;
  trackers: VendorChoice[];
  tools: VendorChoice[];
  mails: VendorChoice[];
  chosen: { tracker: string | undefined; survey: string | undefined };
  places?: port.TrackerPlaces & { hidden: Record<string, string> };
  reports?: port.TrackerSetUpReport[];
  forms?: { items: { id: string; title: string }[]; why: string | null };
  secret?: string | null;
  usualQuestions: { title: string; alias: string; sign: RegExp }[];
  candidates: { name: string; title: string; opens: string }[];
  mayBegin: boolean;
}

interface Step {
  id: string;
  title: string;
  isDone: boolean;
  notes: ui.Child[];
  choices?: [text: string, url: string, isChosen: boolean][];
  forms?: ui.FormProps[];
}

/** The way from nothing to the first issue. Each step can be left and taken up again. */
export function SetUpPage(props: SetUpPageProps) {
  const beginning = [buildTrackerStep, buildSurveyStep, buildQuestionStep];
  const steps = [...beginning, buildMailStep, buildTemplateStep, buildCaseStep].map((build) => build(props));
  const left = steps.filter(({ isDone }) => !isDone).map(({ title }) => title.toLowerCase());
  const rest = `Still to do: ${left.join(', ')}. You can leave at any time and go on later.`;
  return (
    <ui.WorkspacePage visit={props.visit} title="Set up" tab="Set up">
      <ui.Notice tone={left.length === 0 ? 'good' : 'warn'}>
        {left.length === 0 ? 'Everything is set up.' : rest}
      </ui.Notice>
      {steps.map(({ id, title, isDone, notes, choices = [], forms = [] }, index) => (
        <ui.Section id={id} title={`${index + 1}. ${title}`}>
          <div>
            <ui.Pill tone={isDone ? 'good' : 'warn'}>{isDone ? 'done' : 'to do'}</ui.Pill>
          </div>
          {notes.filter(Boolean).map((note) => (
            <div>{note}</div>
          ))}
          {choices.length > 0 && <ui.Choices label={title} style="row" links={choices} />}
          {forms.map((form) => (
            <ui.Form {...form} />
          ))}
        </ui.Section>
      ))}
      {props.mayBegin && (
        <p>
          <a href={`/w/${props.visit.workspace}/workspaces`}>Begin another workspace</a>
        </p>
      )}
    </ui.WorkspacePage>
  );
}

const addressOf = ({ visit }: SetUpPageProps, part = '') => `/w/${visit.workspace}/set-up${part}`;
/** An address that differs each time, because a browser loads no page again for a mere place in it. */
const lookAgain = (props: SetUpPageProps, step: string) => `${addressOf(props)}?at=${props.visit.now}#${step}`;

function chooseVendor(props: SetUpPageProps, part: 'tracker' | 'survey', vendors: VendorChoice[], button: string) {
  const chosen = vendors.find(({ kind }) => kind === props.chosen[part]);
  const all = `/w/${props.visit.workspace}/settings/parts/sources`;
  const choices = vendors.map(({ kind, title, isNested }): [string, string, boolean] => [
    title,
    isNested ? `${all}?kind=${kind}#new` : `${addressOf(props)}?${part}=${kind}#${part}`,
    kind === chosen?.kind,
  ]);
  const { kind = '', fields = [] } = chosen ?? {};
  return { choices, forms: chosen ? [{ action: addressOf(props, `/${part}`), hidden: { kind }, fields, button }] : [] };
}

function buildTrackerStep(props: SetUpPageProps): Step {
  const { setUp, trackers, places, reports } = props;
  const step = { id: 'tracker', title: 'Issue tracker', isDone: setUp.tracker !== null };
  const [report] = reports ?? [];
  if (setUp.tracker) {
    const { place, title, tracker, testIssue, hook, hooksNeed } = setUp.tracker;
    const notes = [
      `New issues go to ${place} (${title}).`,
      report && <Findings report={report} />,
      <TestIssueState back="set-up" tracker={tracker} last={testIssue} />,
      <Hook back="set-up" queue={tracker} hook={hook} need={hooksNeed} />,
    ];
    return { ...step, notes };
  }
  const options = places?.places.map(({ value, title }): [string, string] => [value, title]) ?? [];
  if (!places || options.length === 0) {
    const none =
      places && 'The token was accepted, but reaches no place for issues. Give it access, and enter it again.';
    const notes = [none || 'Choose the tool in which your colleagues work on issues.'];
    return { ...step, notes, ...chooseVendor(props, 'tracker', trackers, 'Look where it reaches') };
  }
  const fields = [
    ui.choice('place', 'Where new issues go', options, null),
    ui.optionalLine('account', 'Your own account there', 200, { value: places.account }),
  ];
  const form = { action: addressOf(props, '/place'), hidden: places.hidden, fields, button: 'Use it' };
  return { ...step, notes: ['The token works.'], forms: [form] };
}

const otherClicks =
  'Add a webhook to the address, with the header x-caselite-secret that holds the secret, where your tool takes one.';

function buildSurveyStep(props: SetUpPageProps): Step {
  const { setUp, tools, forms, secret } = props;
  const { source } = setUp;
  const step = { id: 'survey', title: 'Survey tool', isDone: Boolean(source?.lastDeliveryAt) };
  const notes: ui.Child[] = ['Choose the tool in which your customers answer.'];
  const mayChoose = !source || (source.name === 'survey' && !source.lastDeliveryAt);
  if (mayChoose && (!source || props.chosen.survey))
    return { ...step, notes, ...chooseVendor(props, 'survey', tools, 'Connect it') };
  const clicks = tools.find(({ kind }) => kind === source.kind)?.clicks ?? otherClicks;
  const isAdded = source.hooks.some(({ state }) => state !== 'refused');
  const options = forms?.items.map(({ id, title }): [string, string] => [id, title]) ?? [];
  const form =
    options.length > 0
      ? ui.choice('form', 'Your survey', options, null)
      : ui.line('form', 'Id of your survey, which stands in its address', 500);
  const register = { hidden: { queue: `source:${source.name}` }, fields: [form], button: 'Register the webhook' };
  return {
    ...step,
    notes: [
      forms?.why && (
        <ui.Notice tone="bad">
          The list of surveys was refused: {forms.why}. Replace the token on Connections.
        </ui.Notice>
      ),
      ...source.hooks.map((hook) => <SourceHook source={source} form={hook.form} back="set-up" />),
      source.hooksNeed && !isAdded ? `Let Caselite add the webhook below, or add it by hand. ${clicks}` : clicks,
      <span class="words">
        Address: <code>{source.address}</code>
      </span>,
      secret && (
        <ui.Notice tone="good" isNews>
          Secret: <code>{secret}</code>. Copy it now; it is not shown again.
        </ui.Notice>
      ),
      source.refused.length > 0 && (
        <ui.Notice tone="warn">
          <RefusedDeliveries source={source} />
        </ui.Notice>
      ),
      source.lastDeliveryAt ? (
        <>
          Last delivery <ui.Moment at={source.lastDeliveryAt} ago />.
        </>
      ) : (
        'Then answer the survey once yourself. Nothing has arrived yet.'
      ),
      mayChoose && <a href={`${addressOf(props)}?survey=${source.kind}#survey`}>Choose another tool</a>,
    ],
    choices: source.lastDeliveryAt ? [] : [['Look again', lookAgain(props, 'survey'), false]],
    forms: source.hooksNeed && !isAdded ? [{ ...register, action: addressOf(props, '/hook') }] : [],
  };
}

/** Whether the form can name the question: several aliases are for the workspace file. */
export const isAskedAbout = ({ alias }: { alias: string | null }): boolean => !alias?.includes(', ');

export const askedAttributes = { email: 'E-mail address', key: 'Customer id', name: 'Name', tier: 'Tier' };

function buildQuestionStep(props: SetUpPageProps): Step {
  const { questions, respondent, fields, version } = props.setUp;
  const step = { id: 'questions', title: 'Questions', isDone: questions.some(({ alias }) => alias !== null) };
  if (questions.length === 0) return { ...step, notes: ['The questions stand here after the first delivery.'] };
  const meanings: [string, string][] = [
    ['', 'Not used'],
    ...props.usualQuestions.map(({ alias, title }): [string, string] => [alias, title]),
    ['comment', 'Their own words'],
  ];
  const used = new Set(questions.flatMap(({ alias }) => alias?.split(', ') ?? []));
  const asked = questions.flatMap((question, index) => {
    const { title, name, type, alias } = question;
    if (!isAskedAbout(question)) return [];
    const proposed =
      props.usualQuestions.find(({ sign }) => sign.test(title))?.alias ?? (type === 'text' ? 'comment' : '');
    const shown = alias ?? (used.has(proposed) ? '' : proposed);
    used.add(shown);
    const isOther = alias !== null && !meanings.some(([value]) => value === alias);
    const options = isOther ? [...meanings, [alias, alias] as [string, string]] : meanings;
    return ui.choice(`q${index}`, <bdi>{title || name}</bdi>, options, shown);
  });
  const titles = new Map(questions.map(({ name, title }) => [name, title]));
  const options = fields.map((field): [string, string] => [field, titles.get(field) || field]);
  const about = Object.entries(askedAttributes).map(([name, title]) =>
    ui.choice(`respondent.${name}`, title, [['', 'Not known'], ...options], respondent[name] ?? ''),
  );
  const form = {
    action: addressOf(props, '/questions'),
    hidden: { base: String(version) },
    button: 'Save the questions',
  };
  const notes = ['Say what each question means, and which fields say who answered.'];
  return { ...step, notes, forms: [{ ...form, fields: [...asked, ...about] }] };
}

const mailStates: Record<string, string> = {
  sent: 'A mail to you was accepted.',
  refused: 'The last mail to you was refused:',
  intent: 'A mail to you is on its way. Look again in a moment.',
  unknown: 'It is not known whether the last mail to you left.',
};

function buildMailStep(props: SetUpPageProps): Step {
  const { kind, from, lastState, why } = props.setUp.mail;
  const isDone = lastState === 'sent';
  const forms = props.mails
    .filter((mail) => !isDone && mail.kind === kind)
    .map(({ title, fields }) => ({
      action: addressOf(props, '/mail'),
      fields: [
        ui.line('from', 'Sender, such as Acme feedback <feedback@acme.example>', 200, { value: from }),
        ...fields,
      ],
      button: `Save, and send a mail to me by ${title}`,
    }));
  const notes = lastState ? [`${mailStates[lastState]} ${why ?? ''}`, `It comes from ${from}.`] : [];
  return { id: 'mail', title: 'Mail', isDone, notes, forms };
}

function buildTemplateStep(props: SetUpPageProps): Step {
  const { setUp, candidates, visit } = props;
  const titles = Object.values(setUp.templates);
  const isDone = titles.length > 0;
  const first = candidates.length === 0 ? ['First say what a question means.'] : [];
  return {
    id: 'template',
    title: 'What opens a case',
    isDone,
    notes: [
      isDone ? `In use: ${titles.join(', ')}.` : first,
      ...candidates.map(({ title, opens }) => `${ui.readable(title)}: ${opens}.`),
    ],
    choices: isDone ? [['All templates', `/w/${visit.workspace}/templates`, false]] : [],
    forms: candidates.map(({ name, title }) => ({
      id: `use-${name}`,
      action: addressOf(props, '/template'),
      hidden: { name },
      button: `Use “${ui.readable(title)}”`,
    })),
  };
}

function buildCaseStep(props: SetUpPageProps): Step {
  const { visit, setUp } = props;
  const { firstCase } = setUp;
  const step = { id: 'first-case', title: 'First case', isDone: firstCase !== null };
  if (!firstCase)
    return {
      ...step,
      notes: ['Answer your survey once more as an unhappy customer. The case and its issue appear here.'],
      choices: [['Look for the case', lookAgain(props, 'first-case'), false]],
    };
  const { id, handle, issue } = firstCase;
  const made = issue ? <ui.ExternalLink url={issue}>Its issue</ui.ExternalLink> : 'Its issue is being made.';
  return {
    ...step,
    notes: [made, 'Close it in the tracker or on the page of the case: Caselite then asks the customer.'],
    choices: [[`Open ${handle}`, `/w/${visit.workspace}/cases/${id}`, false]],
  };
}

export const optionalSecret = (name: string, label: string) => ui.optionalLine(name, label, 10_000, secretInput);
