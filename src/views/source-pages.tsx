import type { Child } from 'hono/jsx';
import type { QuestionJson, SourceDetail, SourceJson } from '#domain/json/intake-json.ts';
import { readable, type Tone } from './case-display.ts';
import { Form, PlainButton } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import { Moment, Pill, Rows, Section } from './parts.tsx';
import { Examples, findRefusedProposal, type Proposal } from './source-examples.tsx';
import { nameOfTemplate, type Visit } from './visit.ts';

const tones: Record<SourceJson['state'], Tone> = { 'in use': 'good', silent: 'bad', paused: 'warn', removed: 'quiet' };

const SourceStatePill = ({ visit, source, children }: { visit: Visit; source: SourceJson; children?: Child }) => (
  <>
    <div class="row">
      {children}
      <Pill tone={tones[source.state]}>{source.state}</Pill>
      {source.kind && <span class="muted">{source.kind}</span>}
    </div>
    <LastDelivery visit={visit} source={source} />
    <Troubles visit={visit} source={source} />
  </>
);

type SourcesProps = { visit: Visit; sources: SourceJson[] };

/** Sources with their last deliveries. */
export const SourceRows = ({ visit, sources }: SourcesProps) => (
  <Rows
    rows={sources.map((source) => (
      <li class="stack tight">
        <SourceStatePill visit={visit} source={source}>
          <a href={`/w/${visit.workspace}/sources/${source.name}`}>
            <strong>{source.name}</strong>
          </a>
        </SourceStatePill>
        <RefusedDeliveries visit={visit} source={source} />
      </li>
    ))}
    empty="The workspace file names no sources."
  />
);

export const SourceListPage = ({ visit, sources, proposal }: SourcesProps & { proposal?: Proposal }) => (
  <WorkspacePage visit={visit} title="Sources" tab="Sources">
    <SourceRows visit={visit} sources={sources} />
    {visit.may.includes('changeSettings') && (
      <Examples visit={visit} proposal={proposal ?? findRefusedProposal(visit)} />
    )}
  </WorkspacePage>
);

const RefusedDeliveries = ({ visit, source }: { visit: Visit; source: SourceJson }) => (
  <ul>
    {source.refused.map(({ reason, count, firstAt, lastAt }) => (
      <li>
        Refused, {reason}: <strong>{count}</strong> since <Moment at={firstAt} visit={visit} />, last{' '}
        <Moment at={lastAt} visit={visit} ago />
      </li>
    ))}
  </ul>
);

function LastDelivery({ visit, source }: { visit: Visit; source: SourceJson }) {
  const { lastDeliveryAt, quietLimitHours } = source;
  return (
    <p class="muted">
      {lastDeliveryAt === null ? (
        'Has not delivered anything yet.'
      ) : (
        <>
          Last delivered <Moment at={lastDeliveryAt} visit={visit} ago />.{' '}
          {quietLimitHours === null
            ? 'Too few deliveries in 60 days for a silence alert.'
            : `Counts as silent after ${quietLimitHours} hours without one.`}
        </>
      )}
    </p>
  );
}

function Troubles({ visit, source }: { visit: Visit; source: SourceJson }) {
  const { name, setAside, found, waiting, trouble } = source;
  const aside = new URLSearchParams({ source: name, outcome: 'set-aside' });
  if (setAside === 0 && found === 0 && waiting === 0 && trouble === null) return null;
  return (
    <div class="row">
      {setAside > 0 && (
        <a href={`/w/${visit.workspace}/deliveries?${aside}`}>
          <Pill tone="bad">{setAside} set aside</Pill>
        </a>
      )}
      {found > 0 && <Pill tone="info">{found} found by back-fill</Pill>}
      {waiting > 0 && <Pill tone="warn">{waiting} waiting to be fetched</Pill>}
      {trouble !== null && <span class="muted">Last error of the survey tool: {trouble}</span>}
    </div>
  );
}

type FormDetail = SourceDetail['forms'][number];

const responsesUntilQuestionWarning = 20;

interface SourceProps {
  visit: Visit;
  source: SourceDetail;
  /** The deployment's variable that lets mail in. */
  mailSecret: { name: string; isSet: boolean };
}

/** One source: questions, templates that use them, changes, and results of back-fills. */
export function SourcePage({ visit, source, mailSecret }: SourceProps) {
  const { lostAliases, unknownAliases, forms, mailAddress } = source;
  return (
    <WorkspacePage visit={visit} title={source.name} tab="Sources">
      <SourceStatePill visit={visit} source={source} />
      {source.state !== 'removed' && !source.takesFiles && (
        <p>
          The survey tool delivers to <code>{source.address}</code>
        </p>
      )}
      {mailAddress && (
        <p>
          It mails its alerts to <code>{mailAddress}</code>.{' '}
          <a href={`/w/${visit.workspace}/sources#examples`}>Read them anew by example</a>
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
          {templates.length > 0 && <>, which {list(templates)} asks for</>}.
        </p>
      ))}
      {source.refused.length > 0 && (
        <Section id="refused" title="Refused deliveries of the last day">
          <RefusedDeliveries visit={visit} source={source} />
        </Section>
      )}
      {forms.length === 0 && <p class="card">Questions appear here with the first response.</p>}
      {forms.map((form) => (
        <SurveyForm visit={visit} source={source} form={form} />
      ))}
      {source.canBackFill && visit.may.includes('backFill') && <BackFillSection visit={visit} source={source} />}
      {source.withoutBackFill && (
        <Section id="back-fill" title="Back-fill">
          <p>{source.withoutBackFill}</p>
        </Section>
      )}
    </WorkspacePage>
  );
}

const list = (templates: string[]) => templates.map(readable).join(', ');

function SurveyForm({ visit, source, form }: { visit: Visit; source: SourceDetail; form: FormDetail }) {
  const titles = new Map(form.questions.map(({ id, title }) => [id, title || id]));
  return (
    <section class="card stack">
      <h2>
        <bdi>{form.title ?? form.form}</bdi>
        {form.title && <span class="muted"> {form.form}</span>}
      </h2>
      {form.error && <p class="notice warn">Its questions could not be fetched: {form.error}</p>}
      <ul class="questions stack parts">
        {form.questions.map((question) => (
          <Question visit={visit} source={source} question={question} />
        ))}
      </ul>
      {form.changes.length > 0 && (
        <details class="stack tight">
          <summary>What changed ({form.changes.length})</summary>
          <ul class="stack tight">
            {form.changes.map(({ at, question, what, was, now }) => (
              <li>
                <span class="muted">
                  <Moment at={at} visit={visit} />:{' '}
                </span>
                <bdi>{titles.get(question) ?? question}</bdi>{' '}
                {what === 'wording' && (
                  <>
                    was <q dir="auto">{was}</q>, now <q dir="auto">{now}</q>
                  </>
                )}
                {what === 'choice' && (
                  <>
                    has a new choice <q dir="auto">{now}</q>
                  </>
                )}
                {what === 'gone' && 'is gone from the survey'}
                {what === 'back' && 'is back in the survey'}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Question({ visit, source, question }: { visit: Visit; source: SourceDetail; question: QuestionJson }) {
  const { id, name, title, type, alias, templates, choices, goneSince, responsesSince, successor } = question;
  return (
    <li class="stack tight">
      <div>
        <strong dir="auto">{title || id}</strong>
        <div class="muted">
          <code>{name}</code>
          {name !== id && (
            <>
              {' '}
              (id <code>{id}</code>)
            </>
          )}
          , {type}
        </div>
      </div>
      <div class="stack tight">
        <div class="row">
          {alias ? <Pill tone="info">{alias}</Pill> : <span class="muted">no alias</span>}
          {templates.map((template) => (
            <Pill tone="quiet">{nameOfTemplate(visit, template)}</Pill>
          ))}
          {goneSince && (
            <Pill tone={templates.length > 0 ? 'bad' : 'warn'}>
              gone since <Moment at={goneSince} visit={visit} />
            </Pill>
          )}
          {successor && responsesSince > 0 && (
            <Pill tone="bad">
              replaced by {successor}, {responsesSince} {responsesSince === 1 ? 'response' : 'responses'} without it
            </Pill>
          )}
          {!goneSince && responsesSince >= responsesUntilQuestionWarning && (
            <Pill tone="warn">not answered in the last {responsesSince} responses</Pill>
          )}
        </div>
        {successor && responsesSince > 0 && visit.may.includes('renameQuestion') && (
          <Successors visit={visit} source={source} aliases={alias?.split(', ') ?? []} successor={successor} />
        )}
        <div class="muted">
          First <Moment at={question.firstSeen} visit={visit} />, last <Moment at={question.lastSeen} visit={visit} />
        </div>
      </div>
      {choices.length > 0 ? (
        <details>
          <summary>
            {choices.length} {choices.length === 1 ? 'choice' : 'choices'}
          </summary>
          <ul class="why">
            {choices.map(({ text }) => (
              <li dir="auto">{text}</li>
            ))}
          </ul>
        </details>
      ) : (
        <span />
      )}
    </li>
  );
}

/** Buttons that let an alias name the question that replaced its own. */
const Successors = (props: { visit: Visit; source: SourceDetail; aliases: string[]; successor: string }) =>
  props.aliases.map((alias) => (
    <Form
      action={`/w/${props.visit.workspace}/sources/${props.source.name}/questions`}
      hidden={{ alias, question: props.successor, base: String(props.source.settingsVersion) }}
      button={`Use ${props.successor} as ${alias}`}
    />
  ));

const BackFillSection = ({ visit, source }: { visit: Visit; source: SourceDetail }) => (
  <Section id="back-fill" title="Back-fill">
    <p>
      Every hour Caselite asks the survey tool for missed responses. Choose an earlier day to import history: responses
      older than 30 days are stored and open no cases.
    </p>
    <form class="row" method="post" action={`/w/${visit.workspace}/sources/${source.name}/back-fill`}>
      <label>
        Everything since <input type="date" name="since" required />
      </label>
      <PlainButton>Back-fill now</PlainButton>
    </form>
    {source.walks.length > 0 && (
      <ul class="stack tight">
        {source.walks.map((walk) => (
          <li>
            <Moment at={walk.startedAt} visit={visit} />{' '}
            <span class="muted">
              <bdi>{walk.form}</bdi> since <Moment at={walk.since} visit={visit} />:{' '}
            </span>
            {walk.endedAt ? '' : 'under way, '}
            {walk.seen} listed, <strong>{walk.found} missing</strong>
            {walk.error && <span class="muted">, {walk.error}</span>}
          </li>
        ))}
      </ul>
    )}
  </Section>
);
