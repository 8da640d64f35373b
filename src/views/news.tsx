import type { Child } from 'hono/jsx';
import { Link, Moment, Notice, Person } from './parts.tsx';
import { useVisit } from './visit.ts';

const count = (text: string, one: string, many: string) => (text === '1' ? `1 ${one}` : `${Number(text) || 0} ${many}`);

/** What a form did, by the parameter that it gives to the address of the page to which it leads. */
export const news: Record<string, (value: string) => Child> = {
  replayed: (value) => `${count(value, 'delivery is', 'deliveries are')} replayed.`,
  posted: (value) => `${count(value, 'event is', 'events are')} posted again.`,
  until: (value) => Date.parse(value) && ['Later ones follow when you replay since ', <Moment at={value} />, '.'],
  taken: (value) => `${count(value, 'row was', 'rows were')} taken from the file.`,
  listed: (value) => `${count(value, 'customer was', 'customers were')} imported from the file.`,
  'opened-for': (value) => `Opened cases for ${count(value, 'response', 'responses')}.`,
  dismissed: (value) => `Dismissed ${count(value, 'response', 'responses')}.`,
  left: (value) => `Left ${count(value, 'response', 'responses')}: decided already, or held by the template.`,
  invited: (value) =>
    Object.hasOwn(useVisit().people, value) && [
      ...['A sign-in link goes to ', <Person who={value} />, ' by mail. It works once, within 24 hours.'],
    ],
  none: () => 'No stored response of that time matches without having a case.',
  saved: (value) =>
    Number(value) > 0 && [`Saved as version ${Number(value)}. `, <Link to="settings/versions">All versions</Link>],
  changed: (value) =>
    `${count(value, 'case changes', 'cases change')} within a few seconds; until then Undo is on the page of each case.`,
  unchanged: (value) =>
    /C-\d/i.test(value) && `Not changed: ${value.match(/C-\d+/gi)?.join(', ')}; open them to see why.`,
};

/** Tells what was said by the form that led to this page. */
export function News() {
  const { query } = useVisit();
  const said = Object.entries(news).map(([name, tell]) => query[name] && tell(query[name]));
  return (
    said.some(Boolean) && <Notice isNews>{said.filter(Boolean).map((each, index) => [index > 0 && ' ', each])}</Notice>
  );
}
