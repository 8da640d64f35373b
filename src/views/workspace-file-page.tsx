import * as parts from '../settings-parts.ts';
import * as ui from './kit.ts';

type EntryForm = { entry: string; fields: { field: parts.SettingField; text: string }[] };

interface PartPageProps {
  visit: ui.Visit;
  name: string;
  part: parts.SettingsPart;
  entries: EntryForm[];
  /** Form of a new entry; null where there is none, or its vendor is not chosen yet. */
  added: (EntryForm & { kind?: string | undefined }) | null;
  kinds: { kind: string; title: string }[] | undefined;
  base: number;
}

const titles: Record<string, string> = {
  sources: 'Survey tools',
  'follow-up': 'Follow-ups',
  resurvey: 'Surveys again',
  inbound: 'Replies by mail',
  email: 'E-mail',
  url: 'URL',
};
const titleOf = (name: string) => titles[name] ?? ui.readable(name);
const first = ['people', 'teams', 'sources', 'trackers', 'channels', 'follow-up', 'tiers'];
const inOrder = [...first, ...Object.keys(parts.settingsParts).filter((part) => !first.includes(part))];

/** One part of the settings as forms. Each save is a version of its own, as a push is. */
export function PartPage({ visit, name, part, entries, added, kinds, base }: PartPageProps) {
  const at = `/w/${visit.workspace}/settings/parts`;
  const mayChange = visit.may.includes('changeSettings');
  const common = { action: `${at}/${name}`, button: 'Save as a new version' };
  const version = String(base);
  return (
    <ui.WorkspacePage visit={visit} title={titleOf(name)} tab="Workspace">
      <ui.Choices
        label="Parts of the settings"
        style="row"
        links={inOrder.map((each) => [titleOf(each), `${at}/${each}`, each === name])}
      />
      <p class="muted">
        {part.meaning}. {mayChange ? 'An empty field takes the default.' : 'Admins change it.'}
        {name === 'people' && [' Who was added gets a sign-in link under ', <ui.Link to="people">People</ui.Link>, '.']}
        {kinds && [' Secrets are only named here: ', <ui.Link to="settings#secrets">enter their values</ui.Link>, '.']}
      </p>
      <div class="card stack parts">
        {entries.map(({ entry, fields }) => {
          const form = {
            ...common,
            id: entry || name,
            fields: fields.map(toFormField),
            hidden: { entry, base: version },
          };
          if (!mayChange) return <Shown title={entry} fields={fields} />;
          if (!part.hasEntries) return <ui.Form {...form} />;
          const full = fields.find(({ field }) => field.name === 'name')?.text;
          return (
            <ui.FoldedForm
              {...form}
              name={full ? `${full} (${entry})` : entry}
              after={
                <ui.Form
                  action={common.action}
                  id={`${entry}-remove`}
                  hidden={{ ...form.hidden, remove: 'yes' }}
                  button={`Remove ${entry}`}
                  plain
                />
              }
            />
          );
        })}
        {entries.length === 0 && <p>None yet.</p>}
      </div>
      {mayChange && kinds && (
        <ui.Choices
          label="Add"
          style="row"
          intro="Add:"
          links={kinds.map(({ kind, title }) => [
            ui.readable(title),
            `${at}/${name}?kind=${kind}#new`,
            added?.kind === kind,
          ])}
        />
      )}
      {mayChange && added && (
        <div class="card stack">
          <ui.FoldedForm
            {...common}
            id="new"
            name={`Add to ${titleOf(name).toLowerCase()}`}
            open={added.kind !== undefined}
            fields={[
              ui.line('entry', 'Short name, in small letters, digits and dashes', 63),
              ...added.fields.toSorted(byNeed).map(toFormField),
            ]}
            hidden={{ new: 'yes', base: version, ...(added.kind && { kind: added.kind }) }}
          />
        </div>
      )}
    </ui.WorkspacePage>
  );
}

/** What is required comes first. */
const byNeed = (a: EntryForm['fields'][number], b: EntryForm['fields'][number]) =>
  Number(b.field.isRequired) - Number(a.field.isRequired);

const Shown = ({ title, fields }: { title: string; fields: EntryForm['fields'] }) => (
  <div class="stack tight">
    {title && <h2>{title}</h2>}
    <ui.Facts tight facts={fields.map(({ field, text }) => [field.title ?? titleOf(field.name), text])} />
  </div>
);

export function toFormField({ field, text }: EntryForm['fields'][number]): ui.FormField {
  const { name, title = titleOf(name), meaning, example, input, isRequired, options = [] } = field;
  const shown = input === 'yaml' ? example : input === 'choice' ? '' : example.replaceAll(/^\[|\]$|"/g, '');
  const likeThis = shown && !meaning.includes(shown) && `such as ${shown}`;
  const hints = [meaning, likeThis, input === 'list' && 'one a line', isRequired && 'required'];
  const label = (
    <>
      {title} <span class="muted">{hints.filter(Boolean).join(', ')}</span>
    </>
  );
  const more = { value: text, isOptional: !isRequired };
  if (input === 'choice') {
    const known = ui.named(options);
    return ui.choice(name, label, isRequired ? known : [['', 'default'], ...known], text);
  }
  const isLong = ['yaml', 'text', 'list'].includes(input) || text.includes('\n');
  if (isLong) return ui.area(name, label, Math.min(12, text.split('\n').length + 1), 20_000, more);
  return ui.line(name, label, 2000, more);
}
