import type { Child, JSX } from 'hono/jsx';
import { createContext, useContext } from 'hono/jsx';
import { type FormProblem, VisitContext } from './visit.ts';

export const PageProblem = createContext<FormProblem | null>(null);

export interface FormField {
  name: string;
  label: Child;
  value?: string | null;
  longest?: number;
  isOptional?: boolean;
  rows?: number;
  options?: [value: string, text: string][];
  proposals?: string[];
  type?: 'email' | 'number' | 'date' | 'password' | 'file' | 'search';
  more?: JSX.IntrinsicElements['input'] & { class?: string };
}

type More = Partial<FormField>;

export const line = (name: string, label: Child, longest: number, more: More = {}): FormField => ({
  name,
  label,
  longest,
  ...more,
});
export const optionalLine = (name: string, label: string, longest: number, more: More = {}): FormField =>
  line(name, label, longest, { ...more, isOptional: true });
export const area = (name: string, label: Child, rows: number, longest: number, more: More = {}): FormField =>
  line(name, label, longest, { rows, ...more });
export const choice = (name: string, label: Child, options: [string, string][], value: string | null): FormField => {
  return { name, label, options, value };
};

export const csvFile = (label: string, more: More = {}): FormField => {
  return { name: 'file', label, type: 'file', more: { accept: '.csv,text/csv' }, ...more };
};

/** The first and the last day of a search. */
export const days = (
  from: string,
  to: string,
  given: { from?: string | undefined; to?: string | undefined },
): FormField[] => [
  { name: 'from', label: from, type: 'date', value: given.from ?? null },
  { name: 'to', label: to, type: 'date', value: given.to ?? null },
];

/** Options that are named by their values. */
export const named = (values: readonly string[], toText = (value: string) => value): [string, string][] =>
  values.map((value) => [value, toText(value)]);

export interface FormProps {
  action: string;
  /** Beginning of the ids of its fields; by default the end of the address. */
  id?: string;
  fields?: FormField[];
  hidden?: Record<string, string>;
  encoding?: 'multipart/form-data';
  plain?: boolean;
  button: string;
  label?: string;
  hint?: string | false;
  children?: Child;
}

const usePath = (action: string) =>
  action.startsWith('/') ? action : `/w/${useContext(VisitContext)?.workspace}/${action}`;

function useProblem({ action, hidden = {} }: Pick<FormProps, 'action' | 'hidden'>): FormProblem | null {
  const problem = useContext(PageProblem);
  const isPosted = ([name, value]: [string, string]) => name === 'once' || problem?.fields[name] === value;
  return problem?.path === usePath(action) && Object.entries(hidden).every(isPosted) ? problem : null;
}

const Hidden = ({ values }: { values: Record<string, string> }) => (
  <>
    {Object.entries(values).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);

/** A form that posts its fields, with its button below them. A refused one keeps what was posted. */
export function Form({ action, fields = [], hidden = {}, plain = false, button, label, hint, ...form }: FormProps) {
  const { id = action.split('/').at(-1), encoding, children } = form;
  const problem = useProblem({ action, hidden });
  return (
    <form class="stack tight" method="post" action={usePath(action)} enctype={encoding}>
      <Hidden values={hidden} />
      {fields.map((field) => (
        <LabelledField id={`${id}-${field.name}`} field={field} problem={problem} />
      ))}
      {children}
      {hint && <p class="muted">{hint}</p>}
      {problem?.field === null && <p class="problem">{problem.message}</p>}
      {plain ? <PlainButton label={label}>{button}</PlainButton> : <button type="submit">{button}</button>}
    </form>
  );
}

/** A form with a CSV file. */
export const UploadForm = ({ fields = [], ...form }: FormProps) => (
  <Form {...form} encoding="multipart/form-data" fields={[...fields, csvFile('CSV file')]} />
);

interface ButtonsProps {
  action: string;
  name: string;
  buttons: [value: string, text: string, isMain?: boolean][];
  hidden?: Record<string, string>;
  label?: string;
  children?: Child;
}

/** Buttons in a row, of which each posts a value of its own. */
export const Buttons = ({ action, name, buttons, hidden = {}, label, children }: ButtonsProps) => (
  <form class="row" method="post" action={usePath(action)}>
    <Hidden values={hidden} />
    {children}
    {buttons.map(([value, text, isMain = false]) => (
      <button
        type="submit"
        {...{ name, value, class: isMain ? undefined : 'plain', 'aria-label': label && `${text} ${label}` }}
      >
        {text}
      </button>
    ))}
  </form>
);

/** A form that is closed until somebody opens it by its name. A refused one is open. */
export const FoldedForm = ({ name, button = name, open, after, ...form }: FoldedFormProps) => (
  <details id={form.id} open={open || useProblem(form) !== null}>
    <summary>{name}</summary>
    <Form {...form} button={button} />
    {after}
  </details>
);

export interface FoldedFormProps extends Omit<FormProps, 'button'> {
  name: string;
  button?: string;
  open?: boolean;
  after?: Child;
}

/** A quiet button; its label says what it acts on, for people who do not see where it is. */
export const PlainButton = ({ label, children, ...choice }: PlainButtonProps) => (
  <button class="plain" type="submit" aria-label={label} {...choice}>
    {children}
  </button>
);

type PlainButtonProps = { label?: string | undefined; name?: string; value?: string; children: Child };

type OptionsProps = { options: [value: string, text: string][]; chosen: string | null | undefined };

/** What a field offers to choose from. */
export const Options = ({ options, chosen }: OptionsProps) => (
  <>
    {options.map(([value, text]) => (
      <option value={value} selected={value === chosen}>
        {text}
      </option>
    ))}
  </>
);

type LabelledFieldProps = { id: string; field: FormField; problem?: FormProblem | null };

export function LabelledField({ id, field, problem = null }: LabelledFieldProps) {
  const { name, label, longest, isOptional = false, rows, options, proposals, type, more } = field;
  // A secret leaves the server in no way, not even back to the form that brought it.
  const value = type === 'password' ? '' : (problem?.fields[name] ?? field.value ?? '');
  const isRefused = problem?.field === name;
  const marks = { 'aria-invalid': 'true' as const, 'aria-describedby': `${id}-problem`, autofocus: true };
  const common = { id, name, ...(isRefused && marks) };
  const text = { ...common, required: !isOptional, maxlength: longest };
  return (
    <>
      <label for={id}>{label}</label>
      {isRefused && (
        <p class="problem" id={`${id}-problem`}>
          {problem.message}
        </p>
      )}
      {options ? (
        <select {...common}>
          <Options options={options} chosen={value} />
        </select>
      ) : rows ? (
        <textarea {...text} {...more} rows={rows}>
          {value}
        </textarea>
      ) : (
        <input {...text} {...more} type={type} value={value} list={proposals && `${id}-proposals`} />
      )}
      {proposals && (
        <datalist id={`${id}-proposals`}>
          {proposals.map((proposal) => (
            <option value={proposal} />
          ))}
        </datalist>
      )}
    </>
  );
}

interface SearchProps {
  action: string;
  fields: FormField[];
  hidden?: Record<string, string>;
  /** Where nothing is narrowed. */
  clear?: string;
}

/** A form that narrows a list. */
export const Search = ({ action, fields, hidden = {}, clear = action }: SearchProps) => (
  <form class="search card" method="get" action={usePath(action)}>
    <Hidden values={hidden} />
    {fields.map(({ isOptional = true, ...field }) => {
      const options = field.options && [...(isOptional ? [['', 'any'] as [string, string]] : []), ...field.options];
      return (
        <div class="stack tight">
          <LabelledField id={`by-${field.name}`} field={{ ...field, ...(options && { options }), isOptional: true }} />
        </div>
      );
    })}
    <div class="row">
      <button type="submit">Show</button>
      <a href={usePath(clear)}>Clear</a>
    </div>
  </form>
);

interface SearchLineProps {
  action: string;
  value: string | undefined;
  label: string;
  placeholder: string;
  name?: string;
  hidden?: Record<string, string>;
}

/** A field that searches a list by words. */
export const SearchLine = ({ action, hidden = {}, label, name = 'search', ...field }: SearchLineProps) => (
  <form class="row" method="get" action={usePath(action)}>
    <Hidden values={hidden} />
    <input type="search" name={name} aria-label={label} {...field} />
    <PlainButton>Search</PlainButton>
  </form>
);
