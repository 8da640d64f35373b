import { SourceHook } from './hooks-and-test-issues.tsx';
import * as ui from './kit.ts';
import { Examples, findRefusedProposal, type Proposal } from './source-examples.tsx';

const tones: Record<ui.SourceJson['state'], ui.Tone> = {
  'in use': 'good',
  silent: 'bad',
  paused: 'warn',
  removed: 'quiet',
};

const SourceState = ({ source, children }: { source: ui.SourceJson; children?: ui.Child }) => (
  <>
    <div class="row">
      {children}
      <ui.Pill tone={tones[source.state]}>{source.state}</ui.Pill>
      {source.kind && <span class="muted">{ui.readable(source.kind)}</span>}
    </div>
    <LastDelivery source={source} />
    <Troubles source={source} />
    <RefusedDeliveries source={source} />
  </>
);

/** Sources with their last deliveries. */
export const SourceRows = ({ sources }: { sources: ui.SourceJson[] }) => (
  <ui.Rows
    items={sources}
    row={(source) => (
      <li class="stack tight">
        <SourceState source={source}>
          <ui.Link to={`sources/${source.name}`}>
            <strong>{source.name}</strong>
          </ui.Link>
        </SourceState>
        {source.hooks.map(({ form }) => (
          <SourceHook {...{ source, form }} back="settings" title={form} />
        ))}
      </li>
    )}
    empty="No survey tool is connected yet. Admins connect one under Settings, Set up."
  />
);

type SourcesProps = { visit: ui.Visit; sources: ui.SourceJson[]; proposal?: Proposal };

export const SourceListPage = ({ visit, sources, proposal }: SourcesProps) => (
  <ui.WorkspacePage visit={visit} title="Sources" tab="Sources">
    <SourceRows sources={sources} />
    {visit.may.includes('changeSettings') && <Examples proposal={proposal ?? findRefusedProposal(visit)} />}
  </ui.WorkspacePage>
);

export const RefusedDeliveries = ({ source }: { source: Pick<ui.SourceJson, 'refused'> }) => (
  <ui.Lines
    lines={source.refused.map(({ reason, count, firstAt, lastAt }) => [
      ...[`Refused, ${reason}: `, <strong>{count}</strong>, ' since ', <ui.Moment at={firstAt} />],
      ...[', last ', <ui.Moment at={lastAt} ago />],
    ])}
  />
);

const LastDelivery = ({ source: { lastDeliveryAt, quietLimitHours } }: { source: ui.SourceJson }) => (
  <p class="muted">
    {lastDeliveryAt === null && 'Has not delivered anything yet.'}
    {lastDeliveryAt && ['Last delivered ', <ui.Moment at={lastDeliveryAt} ago />, '. ']}
    {lastDeliveryAt &&
      (quietLimitHours === null
        ? 'Too few deliveries in 60 days for a silence alert.'
        : `Counts as silent after ${quietLimitHours} hours without one.`)}
  </p>
);

function Troubles({ source: { name, setAside, found, waiting, trouble } }: { source: ui.SourceJson }) {
  if (setAside === 0 && found === 0 && waiting === 0 && trouble === null) return null;
  return (
    <div class="row">
      {setAside > 0 && (
        <ui.Link to={`deliveries?${ui.toQuery({ source: name, outcome: 'set-aside' })}`}>
          <ui.Pill tone="bad">{setAside} set aside</ui.Pill>
        </ui.Link>
      )}
      {found > 0 && <ui.Pill tone="info">{found} found by back-fill</ui.Pill>}
      {waiting > 0 && <ui.Pill tone="warn">{waiting} waiting to be fetched</ui.Pill>}
      {trouble !== null && <span class="muted">Last error of the survey tool: {trouble}</span>}
    </div>
  );
}

const responsesUntilQuestionWarning = 20;

type SourceProps = { visit: ui.Visit; source: ui.SourceDetail; mailSecret: { name: string; isSet: boolean } };

/** One source: questions, templates that use them, changes, and results of back-fills. */
export function SourcePage({ visit, source, mailSecret }: SourceProps) {
  const { lostAliases, unknownAliases, forms, mailAddress } = source;
  return (
    <ui.WorkspacePage visit={visit} title={source.name} tab="Sources">
      <SourceState source={source} />
      {source.state !== 'removed' && !source.takesFiles && (
        <p>
          The survey tool delivers to <code>{source.address}</code>
        </p>
      )}
      {mailAddress && (
        <p>
          It mails its alerts to <code>{mailAddress}</code>.{' '}
          <ui.Link to="sources#examples">Read them anew by example</ui.Link>
        </p>
      )}
      {mailAddress && !mailSecret.isSet && (
        <p class="notice warn">
          Mail is refused: the deployment has no variable <code>{mailSecret.name}</code>. A secret that is entered on a
          page does not reach the ways in by mail.
        </p>
      )}
      {unknownAliases.map(({ alias, templates }) => (
        <p class="notice bad">
          Used by {list(templates)}, but missing under questions of this source in the workspace file:{' '}
          <code>{alias}</code>
        </p>
      ))}
      {lostAliases.map(({ alias, question, templates }) => (
        <p class="notice warn">
          No response has had the question <code>{question}</code> of the alias <code>{alias}</code>
          {templates.length > 0 && `, which ${list(templates)} asks for`}.
        </p>
      ))}
      {forms.length === 0 && <p class="card">Questions appear here with the first response.</p>}
      {forms.map((form) => (
        <SurveyForm source={source} form={form} />
      ))}
      {source.canBackFill && visit.may.includes('backFill') && <BackFillSection source={source} />}
      {source.withoutBackFill && (
        <ui.Section id="back-fill" title="Back-fill">
          <p>{source.withoutBackFill}</p>
        </ui.Section>
      )}
    </ui.WorkspacePage>
  );
}

const list = (templates: string[]) => templates.map(ui.readable).join(', ');
const quote = (text: string | null): ui.Child => <q dir="auto">{text}</q>;

type FormDetail = ui.SourceDetail['forms'][number];

const changeTexts: Record<FormDetail['changes'][number]['what'], (change: FormDetail['changes'][number]) => ui.Child> =
  {
    wording: ({ was, now }) => ['was ', quote(was), ', now ', quote(now)],
    choice: ({ now }) => ['has a new choice ', quote(now)],
    gone: () => 'is gone from the survey',
    back: () => 'is back in the survey',
  };

function SurveyForm({ source, form }: { source: ui.SourceDetail; form: FormDetail }) {
  const titles = new Map(form.questions.map(({ id, title }) => [id, title || id]));
  return (
    <section class="card stack">
      <h2>
        <bdi>{form.title ?? form.form}</bdi>
        {form.title && <span class="muted"> {form.form}</span>}
      </h2>
      <SourceHook source={source} form={form.form} back={`sources/${source.name}`} />
      {form.error && <p class="notice warn">Its questions could not be fetched: {form.error}</p>}
      <ul class="questions stack parts">
        {form.questions.map((question) => (
          <Question source={source} question={question} />
        ))}
      </ul>
      {form.changes.length > 0 && (
        <details class="stack tight">
          <summary>What changed ({form.changes.length})</summary>
          <ui.Lines
            lines={form.changes.map((change) => [
              ...[<ui.MutedMoment at={change.at} />, ': '],
              ...[<bdi>{titles.get(change.question) ?? change.question}</bdi>, ' ', changeTexts[change.what](change)],
            ])}
          />
        </details>
      )}
    </section>
  );
}

function Question({ source, question }: { source: ui.SourceDetail; question: ui.QuestionJson }) {
  const { id, name, title, type, alias, templates, choices, goneSince, responsesSince, successor } = question;
  const visit = ui.useVisit();
  const replaced = responsesSince > 0 ? successor : null;
  return (
    <li class="stack tight">
      <div>
        <strong dir="auto">{title || id}</strong>
        <div class="muted">
          <code>{name}</code>
          {name !== id && [' (id ', <code>{id}</code>, ')']}, {type}
        </div>
      </div>
      <div class="stack tight">
        <div class="row">
          {alias ? <ui.Pill tone="info">{alias}</ui.Pill> : <span class="muted">no alias</span>}
          {templates.map((template) => (
            <ui.Pill tone="quiet">{ui.nameOfTemplate(visit, template)}</ui.Pill>
          ))}
          {goneSince && (
            <ui.Pill tone={templates.length > 0 ? 'bad' : 'warn'}>
              gone since <ui.Moment at={goneSince} />
            </ui.Pill>
          )}
          {replaced && (
            <ui.Pill tone="bad">
              replaced by {replaced}, {responsesSince} {responsesSince === 1 ? 'response' : 'responses'} without it
            </ui.Pill>
          )}
          {!goneSince && responsesSince >= responsesUntilQuestionWarning && (
            <ui.Pill tone="warn">not answered in the last {responsesSince} responses</ui.Pill>
          )}
        </div>
        {replaced &&
          visit.may.includes('renameQuestion') &&
          alias
            ?.split(', ')
            .map((each) => (
              <ui.Form
                action={`sources/${source.name}/questions`}
                hidden={{ alias: each, question: replaced, base: String(source.settingsVersion) }}
                button={`Use ${replaced} as ${each}`}
              />
            ))}
        <div class="muted">
          First <ui.Moment at={question.firstSeen} />, last <ui.Moment at={question.lastSeen} />
        </div>
      </div>
      {choices.length > 0 ? (
        <details>
          <summary>{choices.length === 1 ? '1 choice' : `${choices.length} choices`}</summary>
          <ui.Lines lines={choices.map(({ text }) => <bdi>{text}</bdi>)} />
        </details>
      ) : (
        <span />
      )}
    </li>
  );
}

const BackFillSection = ({ source }: { source: ui.SourceDetail }) => (
  <ui.Section id="back-fill" title="Back-fill">
    <p>
      Every hour Caselite asks the survey tool for missed responses. Choose an earlier day to import history: responses
      older than 30 days are stored and open no cases.
    </p>
    <ui.Form
      action={`sources/${source.name}/back-fill`}
      fields={[{ name: 'since', label: 'Everything since', type: 'date' }]}
      plain
      button="Back-fill now"
    />
    {source.walks.length > 0 && (
      <ui.Lines
        lines={source.walks.map(({ startedAt, form, since, endedAt, seen, found, error }) => [
          ...[<ui.Moment at={startedAt} />, ': ', <bdi>{form}</bdi>, ' since ', <ui.Moment at={since} />, ': '],
          ...[`${endedAt ? '' : 'under way, '}${seen} listed, `, <strong>{found} missing</strong>],
          error && <span class="muted">, {error}</span>,
        ])}
      />
    )}
  </ui.Section>
);
