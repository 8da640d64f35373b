/* Mutants that behave like the original: the expression, what Stryker puts in its place, and why nobody can tell. */

const onlyTypes = 'Only types need it.';
const onlyTime = 'Only time differs.';
const sameEnd = 'Both give the same where the two are equal.';

export const equivalents: Record<string, [from: string, to: string, reason: string][]> = {
  'reports/figure.ts': [
    ['low < high', 'low <= high', 'One number is the nth already.'],
    ['nth >= left', 'true', 'It moves only numbers behind the nth.'],
  ],
  'reports/report.ts': [
    ['Temporal.PlainDate.compare(end, last) > 0', 'Temporal.PlainDate.compare(end, last) >= 0', sameEnd],
  ],
  'reports/reported.ts': [['cells[index]?.trim', 'cells[index].trim', onlyTypes]],
  'reports/backtest.ts': [
    ['this.before(response).filter(({ submittedAt }) => submittedAt >= since)', 'this.before(response)', onlyTime],
    ['submittedAt >= since', 'true', onlyTime],
    ['this.#back === 0', 'false', onlyTime],
    ['this.#goal?.response !== response', 'true', onlyTime],
    ['former?.take', 'former.take', onlyTypes],
  ],
  'settings/people.ts': [["'custom'", '""', 'Nobody reads the code of a problem.']],
  'settings/attributes.ts': [
    ["'custom'", '""', 'Nobody reads the code of a problem.'],
    ['read.error.issues[0]?.message', 'read.error.issues[0].message', onlyTypes],
  ],
  'settings/workspace-schema.ts': [["'custom'", '""', 'Nobody reads the code of a problem.']],
  'base/mail-address.ts': [["'custom'", '""', 'Nobody reads the code of a problem.']],
  'base/nearest.ts': [
    ['rows[row]?.[column]', 'rows[row][column]', onlyTypes],
    ['Math.abs(name.length - word.length) <= 2', 'true', onlyTime],
  ],
  'base/csv.ts': [
    ['head?.cells', 'head.cells', onlyTypes],
    ['head?.line', 'head.line', onlyTypes],
  ],
  'base/share.ts': [
    ['share === null || low === null || high === null', '(share === null || low === null) && high === null', onlyTypes],
    ['share === null || low === null', 'false', onlyTypes],
    ['share === null || low === null', 'share === null && low === null', onlyTypes],
    ['share === null', 'false', onlyTypes],
    ['low === null', 'false', onlyTypes],
    ['high === null', 'false', onlyTypes],
  ],
  'cases/command.ts': [['match?.[2]', 'match[2]', onlyTypes]],
  'integrations/incoming-response.ts': [
    ['submittedAt > latest', 'submittedAt >= latest', 'An instant within its bounds returned before.'],
  ],
  'json/mask.ts': [["typeof value === 'string'", 'true', 'A number has no length.']],
  'responses/condition.ts': [
    ['[]', '["Stryker was here"]', 'What is null was reported, and the whole is refused.'],
    ["''", '"Stryker was here!"', 'A choice always has values.'],
    ['done', 'false', 'A cache: only time and memory differ.'],
  ],
  'responses/customer-file.ts': [
    ['key.error.issues[0]?.message', 'key.error.issues[0].message', 'Only types need it.'],
    ['line !== undefined', 'true', 'A key without a line is no duplicate either way.'],
  ],
  'responses/customer.ts': [
    [
      'String(value) > String(before.value)',
      'String(value) >= String(before.value)',
      'The same value at the same instant is no news.',
    ],
    ['origins[origin]?.value', 'origins[origin].value', 'Only types need it.'],
    [
      'origin === undefined || value === undefined',
      'origin === undefined && value === undefined',
      'Both are there, or neither.',
    ],
    ['origin === undefined', 'false', 'Both are there, or neither.'],
    ['value === undefined', 'false', 'Both are there, or neither.'],
  ],
  'responses/gather.ts': [
    ["'custom'", '""', 'Nobody reads the code of a problem.'],
    ['/^(hidden|customer)\\./', '/(hidden|customer)\\./', 'Only these names have a dot.'],
    ["'gathered by category'", '""', 'Any text that names no template will do.'],
    ["''", '"Stryker was here!"', 'A theme that is not listed counts as other.'],
    ['reached?.severity', 'reached.severity', 'Only types need it.'],
  ],
  'responses/guess-respondent.ts': [
    ["''", '"Stryker was here!"', 'No sign matches it.'],
    ["'.'", '""', 'The signs match without a separator too.'],
  ],
  'responses/heads.ts': [
    ['/\\s+/', '/\\s/', 'Empty parts of a name are passed over.'],
    ["''", '"Stryker was here!"', 'Nobody speaks or is named so.'],
  ],
  'responses/operators.ts': [
    ['score !== null', 'true', 'Null lies in no band.'],
    ['operand?.scale', 'operand.scale', 'Only types need it.'],
    ["'custom'", '""', 'Nobody reads the code of a problem.'],
    ["''", '"Stryker was here!"', 'It is neither a yes nor a no.'],
    ["typeof value === 'string'", 'true', 'Other values are no day and not blank.'],
    ['wanted === undefined', 'false', 'A parsed condition holds nothing undefined.'],
    ["'answered'", '""', 'A sentence about an answer at all says no more anyway.'],
  ],
  'responses/unhappy.ts': [['limit !== undefined', 'true', 'No score is at most undefined.']],
  'templates/draft.ts': [
    ['[]', '["Stryker was here"]', 'It has neither alias nor options in common.'],
    ['-1', '+1', 'Sentences of a draft are about two words.'],
  ],
  'templates/due.ts': [['name === null', 'false', 'No calendar is called null.']],
  'templates/options.ts': [
    ["settings.teams[teamName]?.['case-options']", "settings.teams[teamName]['case-options']", 'Only types need it.'],
  ],
  'templates/sentences.ts': [['[]', '["Stryker was here"]', 'It is like no sentence.']],
  'templates/survey.ts': [
    ['language && Object.hasOwn(survey.languages, language)', 'true', 'The next line returns without a translation.'],
    [
      'language && Object.hasOwn(survey.languages, language)',
      'language || Object.hasOwn(survey.languages, language)',
      'The next line returns without a translation.',
    ],
  ],
  'templates/template.ts': [
    ["'custom'", '""', 'Nobody reads the code of a problem.'],
    ['customer.tier !== null', 'true', 'No tier is called null.'],
  ],
  'text/fixed-texts.ts': [["''", '"Stryker was here!"', 'Nobody speaks such a language.']],
  'text/mask-identifiers.ts': [
    [
      'total + (value > 9 ? value - 9 : value)',
      'total - (value > 9 ? value - 9 : value)',
      'The negative of a sum is divisible as well.',
    ],
  ],
  'text/safe-text.ts': [
    ["''", '"Stryker was here!"', 'It holds nothing invisible, and no script asks for it.'],
    [
      'graphemes.segment(text).containing(room)?.index',
      'graphemes.segment(text).containing(room).index',
      'Only types need it.',
    ],
    ['/^(?:[!-~]+(?: [!-~]+)*)?$/', '/^(?:[!-~]+(?: [!-~]+)*)$/', 'Fewer texts take the short way to the same result.'],
    ['/^(?:[!-~]+(?: [!-~]+)*)?$/', '/^(?:[!-~](?: [!-~]+)*)?$/', 'Fewer texts take the short way to the same result.'],
    ['/^(?:[!-~]+(?: [!-~]+)*)?$/', '/^(?:[!-~]+(?: [!-~]+))?$/', 'Fewer texts take the short way to the same result.'],
    ['/^(?:[!-~]+(?: [!-~]+)*)?$/', '/^(?:[!-~]+(?: [!-~])*)?$/', 'Fewer texts take the short way to the same result.'],
  ],
  'time/backoff.ts': [['gaps.length - 1', 'gaps.length + 1', 'The rank never lies behind the last gap.']],
  'time/calendar.ts': [
    ['to <= from', 'to < from', 'No time has passed either way.'],
    ['span.from >= to', 'span.from > to', 'A span of no length adds nothing.'],
    ['day * dayMs - offset < end', 'day * dayMs - offset <= end', 'A span of no length adds nothing.'],
    ['opens < closes', 'opens <= closes', 'A span of no length adds nothing.'],
    ['calendar.holidays.size > 0', 'true', 'An empty set has no day; only time differs.'],
    ['calendar.holidays.size > 0', 'calendar.holidays.size >= 0', 'An empty set has no day; only time differs.'],
    ['stretch.until === until', 'false', 'A cache: only time and memory differ.'],
    [
      'Math.min(longer.from, Math.floor(at))',
      'Math.max(longer.from, Math.floor(at))',
      'A cache: only time and memory differ.',
    ],
    ['({ from, until }) => from <= at && at < until', '() => undefined', 'A cache: only time and memory differ.'],
    ['from <= at && at < until', 'false', 'A cache: only time and memory differ.'],
    ['from <= at', 'from < at', 'A cache: only time and memory differ.'],
    ['result', 'false', 'A cache: only time and memory differ.'],
    ['(stretch) => stretch.until === until', '() => undefined', 'A cache: only time and memory differ.'],
    ['longer', 'false', 'A cache: only time and memory differ.'],
    ['known.push(made);', ';', 'A cache: only time and memory differ.'],
  ],
  'time/clock.ts': [
    ['to === Number.POSITIVE_INFINITY', 'false', 'A run without end has more time than any goal; only time differs.'],
  ],
  'time/duration.ts': [["'custom'", '""', 'Nobody reads the code of a problem.']],
  'time/time-text.ts': [
    ['left > 0', 'left >= 0', 'What is due within a minute returned before.'],
    [
      'parts.find(({ type }) => type === wanted)?.value',
      'parts.find(({\n  type\n}) => type === wanted).value',
      'Only types need it.',
    ],
  ],
};
