import { chooseFixedTexts, type FixedTexts } from '#domain/text/fixed-texts.ts';
import * as ui from './kit.ts';
import { Frame, renderErrorPage } from './message-page.tsx';

type SurveyPage = ui.Value<'surveyPage'>;

export interface SurveyFormProps {
  survey: SurveyPage;
  values: ReadonlyMap<string, string>;
  problems: { field: string; message: string }[];
}

type Question = SurveyPage['questions'][number];

export function SurveyFormPage({ survey, values, problems }: SurveyFormProps) {
  const texts = chooseFixedTexts(survey.language);
  const again = Object.keys(survey.given).length > 0 && problems.length === 0;
  const all = [survey, ...survey.more].flatMap(({ questions }) => questions);
  const listFields = (questions: Question[]) =>
    questions.map((question) => {
      const isAnswerMissing = problems.some(({ field }) => field === question.id);
      return <QuestionField {...{ question, texts, isAnswerMissing }} value={values.get(question.id) ?? ''} />;
    });
  return (
    <Frame {...survey} title={`${problems.length > 0 ? `${texts.error}: ` : ''}${survey.title}`} heading={survey.title}>
      <Paragraphs text={survey.intro} />
      <Recall recall={survey.recall} />
      {survey.kind === 'closer' && <p class="notice">{texts.answersNeverRankPeople}</p>}
      {again && <p class="notice">{texts.withUs}</p>}
      {problems.length > 0 && (
        <ui.Notice tone="bad" isNews>
          <strong>{texts.answersNotSentYet}</strong>
          <ul>
            {problems.map(({ field }) => (
              <li>
                <a href={`#q-${field}`}>
                  <bdi>{all.find(({ id }) => id === field)?.label}</bdi>
                </a>{' '}
                {texts.choose}
              </li>
            ))}
          </ul>
        </ui.Notice>
      )}
      <form class="stack" method="post">
        {listFields(survey.questions)}
        {survey.more.map(({ about, done, questions }) => (
          <section class="stack">
            <h2 dir="auto">{about}</h2>
            <Paragraphs text={done} />
            {listFields(questions)}
          </section>
        ))}
        <button type="submit">{texts.send}</button>
        <p class="muted">{texts.nothingSentBeforeButton}</p>
      </form>
    </Frame>
  );
}

const Recall = ({ recall }: Pick<SurveyPage, 'recall'>) =>
  recall && (
    <blockquote class="words" dir="auto">
      {recall.when}
      {recall.answers.map(({ question, text }) => (
        <p dir="auto">
          {question} <strong>{text}</strong>
        </p>
      ))}
    </blockquote>
  );

const stateTones = { received: 'notice', inWork: 'notice', finished: 'notice good', notDone: 'notice warn' };

/** A customer's own page: nothing of the team's. */
export function FeedbackPage({ page }: { page: ui.Value<'feedbackPage'> }) {
  const texts = chooseFixedTexts(page.language);
  return (
    <Frame {...page} title={texts.feedbackTitle}>
      <Recall recall={page.said} />
      <div class={stateTones[page.state]}>
        <h2>{texts[page.state]}</h2>
        <Paragraphs text={page.text} />
      </div>
    </Frame>
  );
}

export function SurveyThanksPage({ survey, address }: { survey: SurveyPage; address: string }) {
  const texts = chooseFixedTexts(survey.language);
  return (
    <Frame {...survey} title={texts.thankYou}>
      <Paragraphs text={survey.thanks} />
      <p>
        <a href={address}>{texts.change}</a>
      </p>
    </Frame>
  );
}

export function SurveyClosedPage({ survey: { language, workspaceName } }: { survey: SurveyPage }) {
  const { over, surveyOverExplanation } = chooseFixedTexts(language);
  return renderErrorPage(over, surveyOverExplanation, { language, workspaceName });
}

export function DeadLinkPage({ language }: { language: string }) {
  const { deadLink, deadLinkExplanation } = chooseFixedTexts(language);
  return renderErrorPage(deadLink, deadLinkExplanation, { language });
}

/** One button, because mail scanners follow links; then what it did. */
export function UnsubscribePage({ isDone, ...frame }: ui.Value<'unsubscribePage'>) {
  const texts = chooseFixedTexts(frame.language);
  return (
    <Frame {...frame} title={texts.optOutTitle} heading={isDone ? texts.stopped : texts.optOutQuestion}>
      <p>{isDone ? texts.optedOutEffect : texts.optOutEffect}</p>
      {!isDone && (
        <form class="stack" method="post">
          <button type="submit">{texts.optOutButton}</button>
        </form>
      )}
    </Frame>
  );
}

const Paragraphs = ({ text }: { text: string }) => (
  <>
    {text.split(/\n{2,}/).map((paragraph) => (
      <p dir="auto">{paragraph}</p>
    ))}
  </>
);

type QuestionProps = { question: Question; texts: FixedTexts; value: string; isAnswerMissing: boolean };

const scale = ['1', '2', '3', '4', '5'].map((step) => ({ value: step, label: step }));

function QuestionField({ question, texts, value, isAnswerMissing }: QuestionProps) {
  const { id, type, label, required, options } = question;
  const ends = type === 'scale' && question.ends;
  const descriptions = [isAnswerMissing && `e-${id}`, ends && `ends-${id}`].filter(Boolean).join(' ');
  const marks = { id: `q-${id}`, 'aria-describedby': descriptions || undefined };
  const head = [<bdi>{label}</bdi>, !required && <span class="muted"> {texts.optional}</span>];
  const error = isAnswerMissing && (
    <p class="notice bad" id={`e-${id}`}>
      {texts.choose}
    </p>
  );
  if (type !== 'text')
    return (
      <fieldset class="question" {...marks} tabindex={-1}>
        <legend>{head}</legend>
        {error}
        <div class={`stack tight ${type}-field`}>
          {(type === 'scale' ? scale : options).map((choice) => (
            <label class="choice">
              <input type="radio" {...{ name: id, value: choice.value, required, checked: choice.value === value }} />
              <bdi>{choice.label === choice.value ? ui.readable(choice.label) : choice.label}</bdi>
            </label>
          ))}
        </div>
        {ends && (
          <p class="ends muted row" id={`ends-${id}`}>
            {ends.map((end) => (
              <bdi>{end}</bdi>
            ))}
          </p>
        )}
      </fieldset>
    );
  const invalid = isAnswerMissing ? ('true' as const) : undefined;
  return (
    <div class="question">
      <label for={`q-${id}`}>{head}</label>
      {error}
      <textarea {...marks} name={id} rows={4} maxlength={4000} dir="auto" required={required} aria-invalid={invalid}>
        {value}
      </textarea>
    </div>
  );
}
