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
        action="workspaces"
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
  mail: VendorChoice | undefined;
  places?: port.TrackerPlaces & { hidden: Record<string, string> };
  reports?: port.TrackerSetUpReport[];
  forms?: { items: { id: string; title: string }[]; why: string | null };
  secret?: string | null;
  usualQuestions: { title: string; alias: string; sign: RegExp }[];
  candidates: Record<'name' | 'title' | 'opened', string>[];
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
          <ui.Link to="workspaces">Begin another workspace</ui.Link>
        </p>
      )}
    </ui.WorkspacePage>
  );
}

const setUpAddress = ({ visit }: SetUpPageProps, more: string) => `/w/${visit.workspace}/set-up?${more}`;
/** An address that differs each time, because a browser loads no page again for a mere place in it. */
const lookAgain = (props: SetUpPageProps, step: string) => setUpAddress(props, `at=${props.visit.now}#${step}`);

/** The kind of vendor that was chosen for a step, or whose form was refused. */
const chosenKind = ({ visit: { query, problem } }: SetUpPageProps, step: 'tracker' | 'survey') =>
  query[step] ?? (problem?.path.endsWith(`/${step}`) ? problem.fields.kind : undefined);

function chooseVendor(props: SetUpPageProps, step: 'tracker' | 'survey', vendors: VendorChoice[], button: string) {
  const chosen = vendors.find(({ kind }) => kind === chosenKind(props, step));
  const choices = vendors.map(({ kind, title, isNested }): [string, string, boolean] => [
    title,
    isNested
      ? `/w/${props.visit.workspace}/settings/parts/sources?kind=${kind}#new`
      : setUpAddress(props, `${step}=${kind}#${step}`),
    kind === chosen?.kind,
  ]);
  const { kind = '', fields = [] } = chosen ?? {};
  return { choices, forms: chosen ? [{ action: `set-up/${step}`, hidden: { kind }, fields, button }] : [] };
}

function buildTrackerStep(props: SetUpPageProps): Step {
  const { setUp, trackers, places, reports: [report] = [] } = props;
  const step = { id: 'tracker', title: 'Issue tracker', isDone: setUp.tracker !== null };
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
  if (!places || places.places.length === 0) {
    const none = 'The token was accepted, but reaches no place for issues. Give it access, and enter it again.';
    const notes = [places ? none : 'Choose the tool in which your colleagues work on issues.'];
    return { ...step, notes, ...chooseVendor(props, 'tracker', trackers, 'Look where it reaches') };
  }
  const options = places.places.map(({ value, title }): [string, string] => [value, title]);
  const fields = [
    ui.choice('place', 'Where new issues go', options, null),
    ui.optionalLine('account', 'Your own account there', 200, { value: places.account }),
  ];
  const form = { action: 'set-up/place', hidden: places.hidden, fields, button: 'Use it' };
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
  if (mayChoose && (!source || chosenKind(props, 'survey')))
    return { ...step, notes, ...chooseVendor(props, 'survey', tools, 'Connect it') };
  const tool = tools.find(({ kind }) => kind === source.kind);
  const clicks = tool ? (tool.clicks ?? otherClicks) : 'Deliver to the address, as the settings of the source say.';
  const mayRegister = source.hooksNeed && source.hooks.every(({ state }) => state === 'refused');
  const options = forms?.items.map(({ id, title }): [string, string] => [id, title]) ?? [];
  const form =
    options.length > 0
      ? ui.choice('form', 'Your survey', options, null)
      : ui.line('form', 'Id of your survey, which stands in its address', 500);
  const hidden = { queue: `source:${source.name}` };
  const register = { action: 'set-up/hook', hidden, fields: [form], button: 'Register the webhook' };
  return {
    ...step,
    notes: [
      forms?.why && (
        <ui.Notice tone="bad">
          The list of surveys was refused: {forms.why}. Replace the token on Connections.
        </ui.Notice>
      ),
      ...source.hooks.map((hook) => <SourceHook source={source} form={hook.form} back="set-up" />),
      mayRegister ? `Let Caselite add the webhook below, or add it by hand. ${clicks}` : clicks,
      <span class="words">
        Address: <code>{source.mailAddress ?? source.address}</code>
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
      source.lastDeliveryAt
        ? ['Last delivery ', <ui.Moment at={source.lastDeliveryAt} ago />, '.']
        : 'Then answer the survey once yourself. Nothing has arrived yet.',
      mayChoose && <a href={setUpAddress(props, `survey=${source.kind}#survey`)}>Choose another tool</a>,
    ],
    choices: source.lastDeliveryAt ? [] : [['Look again', lookAgain(props, 'survey'), false]],
    forms: mayRegister ? [register] : [],
  };
}

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
  // Several aliases of one question are for the workspace file.
  const asked = questions
    .filter(({ alias }) => !alias?.includes(', '))
    .map(({ title, name, type, alias }) => {
      const usual = props.usualQuestions.find(({ sign }) => sign.test(title))?.alias;
      const proposed = usual ?? (type === 'text' ? 'comment' : '');
      const shown = alias ?? (used.has(proposed) ? '' : proposed);
      used.add(shown);
      const isOther = meanings.every(([value]) => value !== shown);
      const options: [string, string][] = isOther ? [...meanings, [shown, shown]] : meanings;
      return ui.choice(`question.${name}`, <bdi>{title || name}</bdi>, options, shown);
    });
  const titles = new Map(questions.map(({ name, title }) => [name, title]));
  const options = fields.map((field): [string, string] => [field, titles.get(field) || field]);
  const about = Object.entries(askedAttributes).map(([name, title]) =>
    ui.choice(`respondent.${name}`, title, [['', 'Not known'], ...options], respondent[name] ?? ''),
  );
  const form = {
    action: 'set-up/questions',
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
  const { from, lastState, why } = props.setUp.mail;
  const step = { id: 'mail', title: 'Mail', isDone: lastState === 'sent' };
  const notes = lastState ? [`${mailStates[lastState]} ${why ?? ''}`, `It comes from ${from}.`] : [];
  if (step.isDone || !props.mail) return { ...step, notes };
  const { title, fields } = props.mail;
  const sender = ui.line('from', 'Sender, such as Acme feedback <feedback@acme.example>', 200, { value: from });
  const button = `Save, and send a mail to me by ${title}`;
  return { ...step, notes, forms: [{ action: 'set-up/mail', fields: [sender, ...fields], button }] };
}

function buildTemplateStep(props: SetUpPageProps): Step {
  const { setUp, candidates, visit } = props;
  const titles = Object.values(setUp.templates);
  const isDone = titles.length > 0;
  const first = candidates.length === 0 && 'First say what a question means.';
  return {
    id: 'template',
    title: 'What opens a case',
    isDone,
    notes: [
      isDone ? `In use: ${titles.join(', ')}.` : first,
      ...candidates.map(({ title, opened }) => `${title}: would have opened ${opened} so far.`),
    ],
    choices: isDone ? [['All templates', `/w/${visit.workspace}/templates`, false]] : [],
    forms: candidates.map(({ name, title }) => {
      return { id: `use-${name}`, action: 'set-up/template', hidden: { name }, button: `Use “${title}”` };
    }),
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
