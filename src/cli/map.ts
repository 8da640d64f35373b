import { stringify } from 'yaml';
import type { IncomingAnswer } from '#domain/integrations/survey-source.ts';
import { type InspectedDelivery, inspectDelivery, inspectExamples } from '../inspect-delivery.ts';
import { readNamedFile } from './workspace-files.ts';

/**
 * Reads a real delivery, or two e-mail alerts, and prints a `sources:` entry to start from. Answers are not printed.
 * @param given files, and the name of the source
 */
export async function map(...given: string[]): Promise<number> {
  const mails = given.filter((text) => /\.eml$/i.test(text));
  const [file = '', name = 'survey'] =
    mails.length > 0 ? ['', ...given.filter((text) => !mails.includes(text))] : given;
  const inspectedDelivery =
    mails.length > 0 ? await inspectExamples(mails.map(readNamedFile)) : inspectDelivery(readNamedFile(file));
  if (!inspectedDelivery)
    throw new Error(
      'No survey tool that Caselite knows sends this. Save the raw bytes of a delivery, or use kind: json and say under ' +
        'response: where its id and answers stand.',
    );
  console.log(describe(inspectedDelivery));
  console.log(stringify({ sources: { [name]: inspectedDelivery.entry } }, { lineWidth: 0 }));
  return 0;
}

function describe({ title, parsed, answered }: InspectedDelivery): string {
  if (parsed.kind === 'test') return `A test delivery of ${title}: send a real response for its questions.\n`;
  if (parsed.kind === 'event') return `An event of ${title}: ${parsed.event.event}. It needs no mapping.\n`;
  if (parsed.kind === 'reference') {
    const { form, responseId } = parsed.reference;
    return `A delivery of ${title}, form ${form}, response ${responseId}.\nIt holds no answers: those are fetched with the token.\n`;
  }
  const what =
    parsed.kind === 'rows'
      ? `A file of ${parsed.rows.length === 1 ? '1 response' : `${parsed.rows.length} responses`}.`
      : `A delivery of ${title}, form ${parsed.response.form}, ${parsed.response.partial ? 'unfinished ' : ''}response ${parsed.response.responseId}.`;
  const hidden = [...(answered?.hidden.keys() ?? [])].map((field) => `hidden.${field}`);
  return [
    what,
    '',
    'Questions (id, other names, title, type of the answer, type of its value):',
    ...(answered?.answers ?? []).map(line),
    '',
    `Hidden fields: ${hidden.join(', ') || 'none'}`,
    '',
  ].join('\n');
}

function line({ question, type, value, freeText }: IncomingAnswer): string {
  const names = [question.id, ...question.names].join(' = ');
  const kind = Array.isArray(value) ? `list of ${value.length}` : typeof value;
  return `  ${names}  "${question.title}"  ${type}, ${kind}${freeText ? ", the respondent's own words" : ''}`;
}
