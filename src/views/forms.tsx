import type { Child, JSX } from 'hono/jsx';

interface FormProps {
  action: string;
  /** Whether the button is a quiet one. */
  plain?: boolean;
  button: string;
  children?: Child;
}

/** A form that posts its fields, with its button below them. */
export const Form = ({ action, plain = false, button, children }: FormProps) => (
  <form class="stack tight" method="post" action={action}>
    {children}
    {plain ? <PlainButton>{button}</PlainButton> : <button type="submit">{button}</button>}
  </form>
);

/** A form that is closed until somebody opens it by its name. */
export const FoldedForm = ({ name, open, ...form }: FormProps & { name: string; open?: boolean }) => (
  <details open={open}>
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

export const Field = ({ label, ...input }: Labelled<'input'>) => (
  <>
    <label for={input.id}>{label}</label>
    <input {...input} />
  </>
);

export const TextField = ({ label, ...area }: Labelled<'textarea'>) => (
  <>
    <label for={area.id}>{label}</label>
    <textarea {...area} />
  </>
);

interface SelectProps {
  id: string;
  name: string;
  label: string;
  /** Values with their texts. */
  options: [value: string, text: string][];
  chosen?: string | null;
}

export const Select = ({ id, name, label, options, chosen }: SelectProps) => (
  <>
    <label for={id}>{label}</label>
    <select id={id} name={name}>
      {options.map(([value, text]) => (
        <option value={value} selected={value === chosen}>
          {text}
        </option>
      ))}
    </select>
  </>
);
