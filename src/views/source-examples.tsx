import type { IncomingAnswer } from '#domain/integrations/survey-source.ts';
import * as ui from './kit.ts';

export type Proposal = { name: string; base: string; entry: string; answers: IncomingAnswer[] };

export function findRefusedProposal({ problem }: ui.Visit): Proposal | null {
  const { name = '', base = '', entry = '' } = problem?.fields ?? {};
  return problem?.path.endsWith('/sources/examples') && entry !== '' ? { name, base, entry, answers: [] } : null;
}

/** A source of alerts by mail from two of them: a proposal, and then what a person makes of it. */
export function Examples({ proposal }: { proposal: Proposal | null }) {
  const action = 'sources/examples';
  if (proposal)
    return (
      <ui.Section id="examples" title={`How ${proposal.name} would be read`}>
        <ui.Facts tight facts={proposal.answers.map(({ question, value }) => [question.title, String(value)])} />
        <p>
          That is what the first alert says. Correct what is wrong: a name in braces stands where a value stands, and{' '}
          <code>questions</code> gives each the name that case templates use.
        </p>
        <ui.Form
          action={action}
          hidden={{ name: proposal.name, base: proposal.base }}
          fields={[ui.area('entry', 'Settings of the source', 24, 50_000, { value: proposal.entry })]}
          button="Save the source"
        />
      </ui.Section>
    );
  return (
    <ui.Section id="examples" title="Read e-mail alerts by example">
      <p>Give two real alerts of one survey, with all headers, in which the answers differ. Nothing is saved yet.</p>
      <ui.Form
        action={action}
        encoding="multipart/form-data"
        fields={[
          ui.line('name', 'Name of the source, new or known', 63, { value: 'alerts' }),
          { name: 'first', label: 'First alert, as an .eml file', type: 'file' },
          { name: 'second', label: 'Second alert', type: 'file', isOptional: true },
        ]}
        button="Propose how they are read"
      />
    </ui.Section>
  );
}
