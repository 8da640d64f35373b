import * as ui from './kit.ts';

const texts: Record<ui.CaseLinkJson['kind'], [outgoing: string, incoming: string]> = {
  'duplicate-of': ['Duplicate of', 'Duplicated by'],
  related: ['Related to', 'Related to'],
  'elevated-to': ['Part of a larger problem,', 'Gathers'],
  parted: ['Taken out of', 'No longer gathers'],
};

export function CaseLinksView({ caseLinks: { links } }: { caseLinks: ui.CaseLinks }) {
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
