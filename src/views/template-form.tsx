import { comparisons, mostSentences, type Sentence } from '#domain/templates/sentences.ts';
import * as parts from '../settings-parts.ts';
import * as ui from './kit.ts';
import { toFormField } from './workspace-file-page.tsx';

export type Offered = Record<string, string[]>;

interface TemplateFormProps {
  name: string;
  text: string;
  base: number;
  why: string;
  /** Values that the settings offer; null for people who do not see the settings. */
  offered: Offered | null;
}

/** Settings that change most often; the others are folded. */
const first = 'name state category severity closure-goal first-contact tracker team follow-up'.split(' ');
const blankRows = 2;

/** A template as sentences and fields, with its file below them. What was changed of either counts. */
export function TemplateForm({ name, text, base, why, offered }: TemplateFormProps) {
  const visit = ui.useVisit();
  const at = `/w/${visit.workspace}/templates/${name}`;
  const problem = visit.problem?.path === `${at}/save` ? visit.problem : null;
  const read = offered && parts.readTemplateForm(text);
  const fileLabel = 'The template’s file; once changed, it counts in place of the fields above';
  const file = ui.area('text', fileLabel, 18, 200_000, { value: text, more: { class: 'code', spellcheck: false } });
  const whyLabel = 'Why you change it, for the list of versions';
  return (
    <form class="stack tight" method="post" action={`${at}/save`}>
      <input type="hidden" name="base" value={String(base)} />
      <input type="hidden" name="shown" value={problem?.fields.shown ?? parts.markText(text)} />
      {read && <Settings {...read} offered={offered} problem={problem} />}
      <details open={!read || problem?.field === 'text'}>
        <summary>The same as text</summary>
        <ui.LabelledField id="text" field={file} problem={problem} />
      </details>
      {visit.may.includes('changeSettings') && (
        <ui.LabelledField
          id="template-why"
          field={ui.optionalLine('why', whyLabel, longestReason, { value: why })}
          problem={problem}
        />
      )}
      <div class="row">
        {visit.may.includes('backtest') ? (
          <button class="plain" type="submit" formaction={`${at}/backtest`}>
            Try it on past responses
          </button>
        ) : (
          <p class="muted">Case managers can try it.</p>
        )}
        {visit.may.includes('changeSettings') && <button type="submit">Save as a new version</button>}
      </div>
    </form>
  );
}

export const longestReason = 300;

type SettingsProps = NonNullable<ReturnType<typeof parts.readTemplateForm>> & {
  offered: Offered;
  problem: ui.FormProblem | null;
};

function Settings({ values, sentences, offered, problem }: SettingsProps) {
  const posted = problem && parts.readPostedSentences((field) => problem.fields[field] ?? '');
  const isFirst = ({ name }: parts.SettingField) => first.includes(name);
  const toField = (field: parts.SettingField) => (
    <ui.LabelledField
      id={`template-${field.name}`}
      field={{
        ...toFormField({ field, text: parts.writeField(field, values[field.name]) }),
        ...(offered[field.name] && { proposals: offered[field.name] }),
      }}
      problem={problem}
    />
  );
  return (
    <>
      {sentences ? (
        <SentenceRows sentences={posted ?? sentences} about={offered.about ?? []} />
      ) : (
        <p class="muted">
          Its condition is too long for sentences, or has one inside another: change it in the text below.
        </p>
      )}
      {parts.templateFields.filter(isFirst).map(toField)}
      <details open={problem?.field != null && problem.field !== 'text' && !first.includes(problem.field)}>
        <summary>More settings</summary>
        <div class="stack tight">{parts.templateFields.filter((field) => !isFirst(field)).map(toField)}</div>
      </details>
    </>
  );
}

type SentenceRowsProps = { sentences: { join: string; rows: Sentence[] }; about: string[] };

function SentenceRows({ sentences: { join, rows }, about }: SentenceRowsProps) {
  const count = Math.min(rows.length + blankRows, mostSentences);
  const shown = [...rows, ...Array.from({ length: Math.max(count - rows.length, 0) }, () => null)];
  return (
    <fieldset class="stack tight">
      <legend>Opens a case when</legend>
      <div class="row">
        <Chooser
          name="join"
          label="How many of the sentences must hold"
          chosen={join}
          options={[
            ['all', 'all of these hold'],
            ['any', 'any of these holds'],
          ]}
        />
      </div>
      {shown.map((row, index) => (
        <div class="row">
          <Chooser
            name={`about${index}`}
            label={`Sentence ${index + 1}: what`}
            chosen={row?.about ?? ''}
            options={[['', '…'], ...[...new Set([...about, ...(row ? [row.about] : [])])].map(toChoice)]}
          />
          <Chooser
            name={`comparison${index}`}
            label={`Sentence ${index + 1}: how`}
            chosen={row?.comparison ?? 'is'}
            options={Object.entries(comparisons)}
          />
          <input
            name={`value${index}`}
            aria-label={`Sentence ${index + 1}: value`}
            value={row?.value ?? ''}
            maxlength={500}
          />
        </div>
      ))}
      <p class="muted">Several values are parted by commas. A sentence without a value is left out.</p>
    </fieldset>
  );
}

const toChoice = (about: string): [string, string] => {
  const [head = '', ...name] = about.split(' ');
  const words = { question: `the answer to ${name.join(' ')}`, customer: `the customer’s ${name.join(' ')}` };
  return [about, words[head as keyof typeof words] ?? (head === 'words' ? 'a comment' : `the ${head}`)];
};

const Chooser = ({ name, label, ...choice }: Parameters<typeof ui.Options>[0] & { name: string; label: string }) => (
  <select name={name} aria-label={label}>
    <ui.Options {...choice} />
  </select>
);
