import type { Child, JSX } from 'hono/jsx';
import { createContext, useContext } from 'hono/jsx';

/** A form that was refused: what was posted, and the message at its field. */
export interface FormProblem {
  /** Address that the form was posted to. */
  path: string;
  fields: Record<string, string>;
  /** Null for a message about the whole form. */
  field: string | null;
  message: string;
}

/** The refused form of a page; null on a page that nobody posted. */
export const PageProblem = createContext<FormProblem | null>(null);
/** The problem inside the refused form, so that its fields show what was posted. */
const OwnProblem = createContext<FormProblem | null>(null);

interface FormProps {
  action: string;
  /** Fields that the reader does not see. They also tell forms of one address apart. */
  hidden?: Record<string, string>;
  /** Whether the button is a quiet one. */
  plain?: boolean;
  button: string;
  children?: Child;
}

function useProblem({ action, hidden = {} }: Pick<FormProps, 'action' | 'hidden'>): FormProblem | null {
  const problem = useContext(PageProblem);
  const isPosted = ([name, value]: [string, string]) => name === 'once' || problem?.fields[name] === value;
  return problem?.path === action && Object.entries(hidden).every(isPosted) ? problem : null;
}

/** A form that posts its fields, with its button below them. A refused one keeps what was posted. */
export function Form({ action, hidden = {}, plain = false, button, children }: FormProps) {
  const problem = useProblem({ action, hidden });
  return (
    <form class="stack tight" method="post" action={action}>
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <OwnProblem.Provider value={problem}>{children}</OwnProblem.Provider>
      {problem && problem.field === null && <p class="problem">{problem.message}</p>}
      {plain ? <PlainButton>{button}</PlainButton> : <button type="submit">{button}</button>}
    </form>
  );
}

/** A form that is closed until somebody opens it by its name. A refused one is open. */
export const FoldedForm = ({ name, open, id, ...form }: FormProps & { name: string; open?: boolean; id?: string }) => (
  <details id={id} open={open || useProblem(form) !== null}>
    <summary>{name}</summary>
    <Form {...form} />
  </details>
);

/** A quiet button; its label says what it acts on, for people who do not see where it is. */
export const PlainButton = ({ label, children }: { label?: string; children: Child }) => (
  <button class="plain" type="submit" aria-label={label}>
    {children}
  </button>
);

type Labelled<Tag extends 'input' | 'textarea' | 'select'> = JSX.IntrinsicElements[Tag] & { id: string; label: Child };

/** What a field shows of a refused form: the value that was posted, and the message. */
function usePosted(id: string, name: string | undefined) {
  const problem = useContext(OwnProblem);
  const isRefused = name !== undefined && problem?.field === name;
  const marks = { 'aria-invalid': 'true' as const, 'aria-describedby': `${id}-problem`, autofocus: true };
  return {
    posted: name === undefined ? undefined : problem?.fields[name],
    marks: isRefused ? marks : {},
    message: isRefused && (
      <p class="problem" id={`${id}-problem`}>
        {problem.message}
      </p>
    ),
  };
}

export function Field({ label, ...input }: Labelled<'input'>) {
  const { posted, marks, message } = usePosted(input.id, input.name);
  return (
    <>
      <label for={input.id}>{label}</label>
      {message}
      <input {...input} {...(posted !== undefined && { value: posted })} {...marks} />
    </>
  );
}

export function TextField({ label, children, ...area }: Labelled<'textarea'>) {
  const { posted, marks, message } = usePosted(area.id, area.name);
  return (
    <>
      <label for={area.id}>{label}</label>
      {message}
      <textarea {...area} {...marks}>
        {posted ?? children}
      </textarea>
    </>
  );
}

interface SelectProps {
  id: string;
  name: string;
  label: string;
  /** Values with their texts. */
  options: [value: string, text: string][];
  chosen?: string | null;
}

export function Select({ id, name, label, options, chosen }: SelectProps) {
  const { posted, marks, message } = usePosted(id, name);
  return (
    <>
      <label for={id}>{label}</label>
      {message}
      <select id={id} name={name} {...marks}>
        {options.map(([value, text]) => (
          <option value={value} selected={value === (posted ?? chosen)}>
            {text}
          </option>
        ))}
      </select>
    </>
  );
}
