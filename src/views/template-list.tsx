import type { TemplateJson } from '#domain/json/settings-json.ts';
import { WorkspacePage } from './layout.tsx';
import { Pill } from './parts.tsx';
import type { Visit } from './visit.ts';

export const templateStateTones = { on: 'good', draft: 'warn', off: 'quiet' } as const;

/** All case templates, in the order of evaluation. */
export function TemplateListPage({ visit, templates }: { visit: Visit; templates: TemplateJson[] }) {
  return (
    <WorkspacePage visit={visit} title="Templates" tab="Templates" heading="Case templates">
      <p class="muted">
        In the order of evaluation. Several may match. They come from the workspace’s files, which are pushed from the
        command line or through the API.
      </p>
      <ul class="card stack parts">
        {templates.map((template) => (
          <li class="stack tight">
            <a href={`/w/${visit.workspace}/templates/${template.name}`}>{template.title}</a>
            <div class="row">
              <Pill tone={templateStateTones[template.state]}>{template.state}</Pill>
              <Pill tone="quiet">{template.action === 'case' ? template.kind : template.action}</Pill>
              {template.priority !== 0 && <Pill tone="quiet">priority {template.priority}</Pill>}
              <span class="muted">
                {template.category}, team {template.team}, tracker {template.tracker}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </WorkspacePage>
  );
}
