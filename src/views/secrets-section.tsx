import type { SecretJson } from '#domain/json/settings-json.ts';
import type { Tone } from './case-display.ts';
import { FoldedForm, Form, line } from './forms.tsx';
import { Moment, Pill, Section } from './parts.tsx';
import { nameOf, type Visit } from './visit.ts';

/** Browsers offer to keep a password unless it is a new one. */
export const secretInput = { type: 'password', more: { autocomplete: 'new-password' } } as const;

const states: Record<SecretJson['state'], [tone: Tone, text: string]> = {
  deployment: ['good', 'set in the deployment'],
  page: ['good', 'entered here'],
  'other host': ['bad', 'entered for another address'],
  unreadable: ['bad', 'damaged: enter it again'],
  unused: ['warn', 'not used by the settings'],
  address: ['bad', 'missing in the deployment'],
  missing: ['bad', 'missing'],
};

/** Secrets that the settings name. Admins enter, replace and remove them; nobody sees them again. */
export const SecretsSection = ({ visit, secrets }: { visit: Visit; secrets: SecretJson[] }) => (
  <Section id="secrets" title="Secrets">
    <p class="muted">
      Tokens and keys of your tools. Each is stored encrypted, goes to the one address beside it, and is never shown
      again.
    </p>
    <ul class="stack parts">
      {secrets.map((secret) => (
        <Secret visit={visit} secret={secret} />
      ))}
    </ul>
  </Section>
);

function Secret({
  visit,
  secret: { name, variable, uses, host, state, who, at },
}: {
  visit: Visit;
  secret: SecretJson;
}) {
  const [tone, text] = states[state];
  const form = { action: `/w/${visit.workspace}/settings/secrets`, id: `secret-${name}`, hidden: { name } };
  return (
    <li class="stack tight">
      <div class="row">
        <strong>{uses.join(', ') || 'No tool'}</strong>
        <code>{name}</code>
        <Pill tone={tone}>{text}</Pill>
      </div>
      <p class="muted">
        For {host}
        {who && at && (
          <>
            , entered by <bdi>{nameOf(visit, who)}</bdi> <Moment at={at} visit={visit} />
          </>
        )}
      </p>
      {(state === 'deployment' || state === 'address') && (
        <p class="muted">
          Only the variable <code>{variable}</code> of the deployment sets it.
        </p>
      )}
      {!['deployment', 'address', 'unused'].includes(state) && (
        <FoldedForm
          {...form}
          name={who ? `Replace ${name}` : `Enter ${name}`}
          open={state !== 'page'}
          fields={[line('value', 'Paste it', 10_000, secretInput)]}
          button="Save the secret"
        />
      )}
      {who && <Form {...form} id={`remove-${name}`} hidden={{ name, remove: 'yes' }} plain button={`Remove ${name}`} />}
    </li>
  );
}
