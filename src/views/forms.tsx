import type { Child, JSX } from 'hono/jsx';
import { createContext, useContext } from 'hono/jsx';

/** A form that was refused: what was posted, and the message at its field. */
export interface FormProblem {
  path: string;
  fields: Record<string, string>;
  /** Null for a message about the whole form. */
  field: string | null;
  message: string;
}

/** The refused form of a page; null on a page that nobody posted. */
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
  type?: 'email' | 'number' | 'date' | 'password' | 'file';
  more?: JSX.IntrinsicElements['input'];
}

type More = Partial<FormField>;

/** A field of one line. */
export const line = (name: string, label: Child, longest: number, more: More = {}): FormField => ({
  name,
  label,
  longest,
  ...more,
});
export const optionalLine = (name: string, label: string, longest: number, more: More = {}): FormField =>
  line(name, label, longest, { ...more, isOptional: true });
/** A field of several lines. */
export const area = (name: string, label: Child, rows: number, longest: number, more: More = {}): FormField =>
  line(name, label, longest, { rows, ...more });
export const choice = (name: string, label: Child, options: [string, string][], value: string | null): FormField => {
  return { name, label, options, value };
};

export interface FormProps {
  action: string;
  /** Beginning of the ids of its fields; by default the end of the address. */
  id?: string;
  fields?: FormField[];
  /** Fields that the reader does not see. They also tell forms of one address apart. */
  hidden?: Record<string, string>;
  /** How it is sent, where a file may go along. */
  encoding?: 'multipart/form-data';
  /** Whether the button is a quiet one. */
  plain?: boolean;
  button: string;
  /** What the button acts on, for people who do not see where it is. */
  label?: string;
  children?: Child;
}

function useProblem({ action, hidden = {} }: Pick<FormProps, 'action' | 'hidden'>): FormProblem | null {
  const problem = useContext(PageProblem);
  const isPosted = ([name, value]: [string, string]) => name === 'once' || problem?.fields[name] === value;
  return problem?.path === action && Object.entries(hidden).every(isPosted) ? problem : null;
}

/** A form that posts its fields, with its button below them. A refused one keeps what was posted. */
export function Form({ action, fields = [], hidden = {}, plain = false, button, label, children, ...form }: FormProps) {
  const { id = action.split('/').at(-1), encoding } = form;
  const problem = useProblem({ action, hidden });
  return (
    <form class="stack tight" method="post" action={action} enctype={encoding}>
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {fields.map((field) => (
        <LabelledField id={`${id}-${field.name}`} field={field} problem={problem} />
      ))}
      {children}
      {problem?.field === null && <p class="problem">{problem.message}</p>}
      {plain ? <PlainButton label={label}>{button}</PlainButton> : <button type="submit">{button}</button>}
    </form>
  );
}

/** A form that is closed until somebody opens it by its name. A refused one is open. */
export const FoldedForm = ({ name, open, after, ...form }: FoldedFormProps) => (
  <details id={form.id} open={open || useProblem(form) !== null}>
    <summary>{name}</summary>
    <Form {...form} />
    {after}
  </details>
);

interface FoldedFormProps extends FormProps {
  name: string;
  open?: boolean;
  /** What stands below the form and is folded with it. */
  after?: Child;
}

/** A quiet button; its label says what it acts on, for people who do not see where it is. */
export const PlainButton = ({ label, children, ...choice }: PlainButtonProps) => (
  <button class="plain" type="submit" aria-label={label} {...choice}>
    {children}
  </button>
);

interface PlainButtonProps {
  label?: string | undefined;
  name?: string;
  value?: string;
  children: Child;
}

interface LabelledFieldProps {
  id: string;
  field: FormField;
  problem?: FormProblem | null;
}

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
          {options.map(([option, words]) => (
            <option value={option} selected={option === value}>
              {words}
            </option>
          ))}
        </select>
      ) : rows ? (
        <textarea {...text} rows={rows}>
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

interface SelectProps {
  name: string;
  label: Child;
  any: string;
  options: [value: string, text: string][];
  chosen: string | undefined;
}

/** A field of a search that narrows by one of several values. */
export const Select = ({ name, label, any, options, chosen }: SelectProps) => (
  <label>
    {label}
    <select name={name}>
      <option value="">{any}</option>
      {options.map(([value, text]) => (
        <option value={value} selected={chosen === value}>
          {text}
        </option>
      ))}
    </select>
  </label>
);
