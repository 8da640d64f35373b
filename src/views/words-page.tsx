import type * as json from '#domain/json/index.ts';
import { moods } from '#domain/responses/unhappy.ts';
import { formatDays } from '#domain/time/time-text.ts';
import * as ui from './kit.ts';
import { chooseRespondentDisplayName } from './response-pages.tsx';

interface WordsPageProps {
  visit: ui.Visit;
  page: { items: json.WordsJson[]; next: string | null };
  rising: json.RisingTermsJson;
  given: Record<string, string | undefined>;
  attributes: Record<string, string>;
  cursor: string | null;
}

const moodTones = { unhappy: 'bad', middling: 'quiet', happy: 'good' } as const;

/** What respondents wrote, newest first, the cases behind it, and the words that rise. */
export function WordsPage({ visit, page, rising, given, attributes, cursor }: WordsPageProps) {
  const home = `/w/${visit.workspace}/words`;
  const narrowing = [...Object.entries(given), ...ui.toAttributeFilterParameters(attributes)].filter(
    (pair): pair is [string, string] => Boolean(pair[1]),
  );
  const url = (more: Record<string, string>) =>
    `${home}?${new URLSearchParams({ ...Object.fromEntries(narrowing), ...more })}`;
  return (
    <ui.WorkspacePage visit={visit} title="Words" tab="Words" heading="What people wrote">
      <Search {...{ visit, rising, given, attributes }} home={home} isOpen={narrowing.length > 0} />
      {cursor === null && !given.term && <Rising visit={visit} rising={rising} url={url} />}
      {given.term && (
        <p>
          Comments with <strong dir="auto">{given.term}</strong>. <a href={url({ term: '' })}>Show all</a>
        </p>
      )}
      <ui.Rows
        rows={page.items.map((item) => <Entry visit={visit} item={item} />)}
        empty={page.next ? 'None among the newest; look further back.' : 'Nobody wrote anything like this.'}
      />
      <ui.Paging
        links={[
          ['Newest', cursor !== null && url({})],
          [page.items.length === 0 ? 'Look further back' : 'Older', page.next && url({ cursor: page.next })],
          ['CSV', url({ format: 'csv' })],
        ]}
      />
    </ui.WorkspacePage>
  );
}

type SearchProps = Omit<WordsPageProps, 'page' | 'cursor'> & { home: string; isOpen: boolean };

function Search({ visit, rising: { choices }, given, attributes, home, isOpen }: SearchProps) {
  const select = (name: keyof typeof choices | 'mood', label: string, options: [string, string][]) => (
    <ui.Select name={name} label={label} any="any" options={options} chosen={given[name]} />
  );
  return (
    <form class="stack" method="get" action={home}>
      <div class="row">
        <input type="search" name="search" value={given.search} aria-label="Search words" placeholder="Words" />
        <ui.PlainButton>Search</ui.PlainButton>
      </div>
      <details open={isOpen}>
        <summary>Filter</summary>
        <div class="search card">
          {select(
            'mood',
            'Score',
            moods.map((mood) => [mood, ui.readable(mood)]),
          )}
          {select('question', 'Question', choices.question)}
          {select('case', 'Strategic case', choices.case)}
          {select('template', 'Template', choices.template)}
          {select('category', 'Category', choices.category)}
          {select('source', 'Source', choices.source)}
          <ui.AttributeFilterFields visit={visit} chosen={attributes} />
          <label>
            From
            <input type="date" name="from" value={given.from} />
          </label>
          <label>
            Until
            <input type="date" name="to" value={given.to} />
          </label>
          <div class="row">
            <button type="submit">Show</button>
            <a href={home}>Clear</a>
          </div>
        </div>
      </details>
    </form>
  );
}

type RisingProps = Pick<WordsPageProps, 'visit' | 'rising'> & { url(more: Record<string, string>): string };

function Rising({ visit, rising: { terms, from, to, before, counted, isSample }, url }: RisingProps) {
  return (
    <ui.Section id="rising" title="Rising words">
      <p class="muted">
        Words and pairs of words that more people used from {formatDays({ from, to }, visit.now)} than from{' '}
        {formatDays(before, visit.now)}, each by three people or more
        {isSample && `; counted in the newest 500 responses of each period, ${counted} of them with words`}. They are
        words and no themes: whether they belong together is for a person to say, with a{' '}
        <a href={`/w/${visit.workspace}/strategic`}>strategic case</a>.
      </p>
      <ui.Table
        name="Rising words"
        style="figures-table"
        columns={['Words', 'People now', 'People before']}
        empty="No word rises."
        rows={terms.map(({ term, now, before: former }) => [
          <a href={url({ term, from, to })} dir="auto">
            {term}
          </a>,
          now,
          former,
        ])}
      />
    </ui.Section>
  );
}

function Entry({ visit, item: { response, comments, cases, mood } }: { visit: ui.Visit; item: json.WordsJson }) {
  return (
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
        {response.customer.tier && <ui.Pill tone="quiet">{ui.readable(response.customer.tier)}</ui.Pill>}
        <a href={`/w/${visit.workspace}/responses/${response.id}`}>
          <bdi>{chooseRespondentDisplayName(response)}</bdi>
        </a>
        <ui.MutedMoment at={response.submittedAt} visit={visit} />
        <span class="muted">
          <bdi>{response.formTitle ?? response.source}</bdi>
        </span>
        {cases.map((one) => (
          <ui.CaseLink visit={visit} to={one} />
        ))}
        {cases.length === 0 && <span class="muted">no case</span>}
      </div>
    </li>
  );
}

/** A row of the file for each comment. */
export const listCommentRows = ({ response, comments, cases, mood }: json.WordsJson): object[] =>
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
