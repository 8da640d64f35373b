import type { CaseLinkJson, CaseLinks } from '#domain/json/case-json.ts';
import * as ui from './kit.ts';

const texts: Record<CaseLinkJson['kind'], [outgoing: string, incoming: string]> = {
  'duplicate-of': ['Duplicate of', 'Duplicated by'],
  related: ['Related to', 'Related to'],
  'elevated-to': ['Part of a larger problem,', 'Gathers'],
  parted: ['Taken out of', 'No longer gathers'],
};

type Props = { id: string; caseLinks: CaseLinks };

/** Linked cases of every kind. */
export function CaseLinksView({ caseLinks: { links } }: Pick<Props, 'caseLinks'>) {
  if (links.length === 0) return null;
  return (
    <ui.Section id="links" title="Linked cases" count={links.length}>
      <ul class="stack tight">
        {links.map((link) => (
          <li>
            {texts[link.kind][link.isIncoming ? 1 : 0]} <ui.CaseLink to={link} /> <ui.LoopPill loop={link.loop} />
            <div class="muted">
              {link.why}, <ui.Moment at={link.at} />
            </div>
          </li>
        ))}
      </ul>
    </ui.Section>
  );
}

/** Forms for linking a case to another one. */
export function LinkForms({ id, caseLinks: { targets, links } }: Props) {
  const action = `cases/${id}/links`;
  const options = targets.map(({ to, text }): [string, string] => [to, text]);
  const themes = targets.some(({ takesTheme }) => takesTheme)
    ? [ui.optionalLine('theme', 'Product or theme of a new case, if it gathers by one', 60)]
    : [];
  const elevate = [ui.choice('to', 'Strategic case', options, null), ...themes, ui.line('reason', 'Why', 300)];
  const larger = links.filter(({ kind, isIncoming }) => kind === 'elevated-to' && !isIncoming);
  const wholes = larger.map((link): [string, string] => [link.id, link.handle]);
  const part = [ui.choice('to', 'Strategic case', wholes, null), ui.line('reason', 'Why it is another problem', 300)];
  const relate = [
    ui.line('to', 'The other case, such as “C-17”', 40),
    ui.line('reason', 'What both have in common', 300),
  ];
  return (
    <>
      {targets.length > 0 && (
        <ui.FoldedForm
          id="elevate"
          name="Elevate to a larger problem"
          {...{ action, hidden: { kind: 'elevated-to' }, fields: elevate, button: 'Elevate this case' }}
        >
          <p class="muted">
            Work for this customer stays in this case. The customer is also notified when the larger problem is solved.
          </p>
        </ui.FoldedForm>
      )}
      {larger.length > 0 && (
        <ui.FoldedForm
          id="part"
          name="Take out of a larger problem"
          {...{ action, hidden: { kind: 'parted' }, fields: part, button: 'Take this case out' }}
        />
      )}
      <ui.FoldedForm
        id="related"
        name="Link a related case"
        {...{ action, hidden: { kind: 'related' }, fields: relate, button: 'Link both cases' }}
      />
    </>
  );
}
