import { moods } from '#domain/responses/unhappy.ts';
import * as ui from './kit.ts';
import { ResponseLink } from './response-pages.tsx';

interface WordsPageProps {
  visit: ui.Visit;
  list: ui.Listed<ui.WordsJson>;
  rising: ui.RisingTermsJson;
  given: Record<string, string | undefined>;
  attributes: Record<string, string>;
}

const moodTones = { unhappy: 'bad', middling: 'quiet', happy: 'good' } as const;

/** What respondents wrote, newest first, the cases behind it, and the words that rise. */
export function WordsPage({ visit, list, rising, given, attributes }: WordsPageProps) {
  const { search = '', ...others } = Object.fromEntries(
    [...Object.entries(given), ...ui.toAttributeFilterParameters(attributes)].filter(([, value]) => value),
  ) as Record<string, string>;
  const choice = (name: keyof typeof rising.choices, label: string) =>
    ui.choice(name, label, rising.choices[name], given[name] ?? null);
  const fields = [
    ui.choice('mood', 'Score', ui.named(moods, ui.readable), given.mood ?? null),
    ...[choice('question', 'Question'), choice('case', 'Strategic case'), choice('template', 'Template')],
    ...[choice('category', 'Category'), choice('source', 'Source')],
    ...ui.listAttributeFilters(visit, attributes),
    ...ui.days('From', 'Until', given),
  ];
  return (
    <ui.WorkspacePage visit={visit} title="Words" tab="Words" heading="What people wrote">
      <ui.SearchLine action="words" value={search} hidden={others} label="Search words" placeholder="Words" />
      <details open={Object.keys(others).length > 0}>
        <summary>Filter</summary>
        <ui.Search action="words" fields={fields} hidden={{ search }} />
      </details>
      {list.cursor === null && !given.term && <Rising rising={rising} url={list.url} />}
      {given.term && (
        <p>
          Comments with <strong dir="auto">{given.term}</strong>. <a href={list.url({ term: '' })}>Show all</a>
        </p>
      )}
      <ui.List
        list={list}
        row={(item) => <Entry item={item} />}
        empty={list.next ? 'None on this page. “Next page” looks further back.' : 'Nobody wrote anything like this.'}
      />
    </ui.WorkspacePage>
  );
}

type RisingProps = Pick<WordsPageProps, 'rising'> & Pick<ui.Listed<never>, 'url'>;

function Rising({ rising: { terms, from, to, before, counted, isSample }, url }: RisingProps) {
  const { now } = ui.useVisit();
  return (
    <ui.TableSection
      id="rising"
      title="Rising words"
      hint={
        <>
          Words and pairs of words that more people used from {ui.formatDays({ from, to }, now)} than from{' '}
          {ui.formatDays(before, now)}, each by three people or more
          {isSample && `; counted in the newest 500 responses of each period, ${counted} of them with words`}. They are
          words and no themes: whether they belong together is for a person to say, with a{' '}
          <ui.Link to="strategic">strategic case</ui.Link>.
        </>
      }
      columns={['Words', 'People now', 'People before']}
      empty="No word rises."
      rows={terms.map(({ term, now: people, before: former }) => [
        <a href={url({ term, from, to })} dir="auto">
          {term}
        </a>,
        people,
        former,
      ])}
    />
  );
}

const Entry = ({ item: { response, comments, cases, mood } }: { item: ui.WordsJson }) => (
  <li class="stack tight">
    {comments.map(({ question, text }) => (
      <div>
        <p class="muted" dir="auto">
          {question}
        </p>
        <ui.Words text={text} />
      </div>
    ))}
    <div class="row">
      {mood && <ui.Pill tone={moodTones[mood]}>{mood}</ui.Pill>}
      <ui.TierPill tier={response.customer.tier} />
      <ResponseLink of={response} />
      <ui.MutedMoment at={response.submittedAt} />
      <span class="muted">
        <bdi>{response.formTitle ?? response.source}</bdi>
      </span>
      {cases.map((one) => (
        <ui.CaseLink to={one} />
      ))}
      {cases.length === 0 && <span class="muted">no case</span>}
    </div>
  </li>
);

export const listCommentRows = ({ response, comments, cases, mood }: ui.WordsJson): object[] =>
  comments.map(({ question, text }) => ({
    submittedAt: response.submittedAt,
    source: response.source,
    customer: response.customer.key,
    tier: response.customer.tier,
    mood,
    question,
    text,
    cases: cases.map(({ handle }) => handle),
    response: response.id,
  }));
