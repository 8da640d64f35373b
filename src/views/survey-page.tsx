import type { Child } from 'hono/jsx';
import type { SurveyPage } from '#domain/shapes.ts';
import { Page } from './layout.tsx';

export interface SurveyFormProps {
  survey: SurveyPage;
  /** What stands in the form: answers given before, or chosen in the mail. */
  values: ReadonlyMap<string, string>;
  problems: { field: string; message: string }[];
}

type Question = SurveyPage['questions'][number];

/** The survey with its form. It posts to its own address. */
export function SurveyFormPage({ survey, values, problems }: SurveyFormProps) {
  const again = Object.keys(survey.given).length > 0 && problems.length === 0;
  return (
    <SurveyFrame survey={survey} title={problems.length > 0 ? `Error: ${survey.title}` : survey.title}>
      <h1 dir="auto">{survey.title}</h1>
      <Paragraphs text={survey.intro} />
      {survey.kind === 'closer' && (
        <p class="notice">
          Your answers are used to find what stands in the way of closing loops, never to rank people.
        </p>
      )}
      {again && <p class="notice">Your answers are with us. You may still change them here.</p>}
      {problems.length > 0 && (
        <div class="notice bad" role="alert">
          <strong>Your answers were not sent yet.</strong>
          <ul>
            {problems.map(({ field, message }) => (
              <li>
                <a href={`#q-${field}`}>{message}</a>
              </li>
            ))}
          </ul>
        </div>
      )}
      <form class="stack" method="post">
        {survey.questions.map((question) => (
          <QuestionField
            question={question}
            value={values.get(question.id) ?? ''}
            problem={problems.find(({ field }) => field === question.id)?.message ?? null}
          />
        ))}
        <button type="submit">Send</button>
        <p class="muted">Nothing is sent before you press the button.</p>
      </form>
    </SurveyFrame>
  );
}

/** After the answers were taken. */
export function SurveyThanksPage({ survey, address }: { survey: SurveyPage; address: string }) {
  return (
    <SurveyFrame survey={survey} title="Thank you">
      <h1>Thank you</h1>
      <Paragraphs text={survey.thanks} />
      <p>
        <a href={address}>Change my answers</a>
      </p>
    </SurveyFrame>
  );
}

/** A survey that takes no answers any more. */
export function SurveyClosedPage({ survey }: { survey: SurveyPage }) {
  return (
    <SurveyFrame survey={survey} title="This survey is over">
      <h1>This survey is over</h1>
      <p>
        Thank you for coming by. This question is not open any more, either because its time is over or
        because work on the problem has started again. If something is still wrong, please reply to the mail
        that brought you here: it reaches a person.
      </p>
    </SurveyFrame>
  );
}

/** One button, because a link alone is followed by mail scanners too. */
export function UnsubscribePage({ workspaceName }: { workspaceName: string }) {
  return (
    <Page title="No more mail">
      <main class="narrow card stack">
        <p class="muted">
          <bdi>{workspaceName}</bdi>
        </p>
        <h1>No more mail from us?</h1>
        <p>After this you get no more questions from us about cases of yours.</p>
        <form class="stack" method="post">
          <button type="submit">Stop the mail</button>
        </form>
      </main>
    </Page>
  );
}

/** After somebody opted out. */
export function UnsubscribedPage({ workspaceName }: { workspaceName: string }) {
  return (
    <Page title="No more mail">
      <main class="narrow card stack">
        <p class="muted">
          <bdi>{workspaceName}</bdi>
        </p>
        <h1>You get no more of these mails</h1>
        <p>That holds from now on. You need not do anything else.</p>
      </main>
    </Page>
  );
}

function SurveyFrame({ survey, title, children }: { survey: SurveyPage; title: string; children: Child }) {
  return (
    <Page title={`${title} · ${survey.workspaceName}`}>
      <main class="narrow card stack">
        <p class="muted">
          <bdi>{survey.workspaceName}</bdi>
        </p>
        {children}
      </main>
    </Page>
  );
}

const Paragraphs = ({ text }: { text: string }) => (
  <>
    {text.split(/\n{2,}/).map((paragraph) => (
      <p dir="auto">{paragraph}</p>
    ))}
  </>
);

function QuestionField(props: { question: Question; value: string; problem: string | null }) {
  const { question, value, problem } = props;
  const { id, type, label, required } = question;
  const described = problem ? `e-${id}` : undefined;
  const hint = !required && <span class="muted"> (if you like)</span>;
  const error = problem && (
    <p class="notice bad" id={`e-${id}`}>
      {problem}
    </p>
  );
  if (type === 'text') {
    return (
      <div class="question">
        <label for={`q-${id}`}>
          <bdi>{label}</bdi>
          {hint}
        </label>
        {error}
        <textarea
          id={`q-${id}`}
          name={id}
          rows={4}
          maxlength={4000}
          dir="auto"
          required={required}
          aria-describedby={described}
          aria-invalid={problem ? 'true' : undefined}
        >
          {value}
        </textarea>
      </div>
    );
  }
  return (
    <fieldset class="question" id={`q-${id}`} aria-describedby={described} tabindex={-1}>
      <legend>
        <bdi>{label}</bdi>
        {hint}
      </legend>
      {error}
      <Choices question={question} value={value} />
    </fieldset>
  );
}

const scale = ['1', '2', '3', '4', '5'];

function Choices({ question, value }: { question: Question; value: string }) {
  const { id, type, required, options, ends } = question;
  const choices = type === 'scale' ? scale.map((step) => ({ value: step, label: step })) : options;
  return (
    <>
      <div class={`stack tight ${type}-field`}>
        {choices.map((choice, index) => (
          <label class="choice">
            <input
              type="radio"
              name={id}
              value={choice.value}
              required={required}
              checked={choice.value === value}
              aria-describedby={ends && type === 'scale' ? endOf(id, index) : undefined}
            />
            <bdi>{choice.label}</bdi>
          </label>
        ))}
      </div>
      {ends && type === 'scale' && (
        <p class="ends muted row">
          <bdi id={`first-${id}`}>{ends[0]}</bdi>
          <bdi id={`last-${id}`}>{ends[1]}</bdi>
        </p>
      )}
    </>
  );
}

function endOf(id: string, index: number): string | undefined {
  if (index === 0) return `first-${id}`;
  return index === scale.length - 1 ? `last-${id}` : undefined;
}
