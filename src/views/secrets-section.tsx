import * as ui from './kit.ts';

/** Browsers offer to keep a password unless it is a new one. */
export const secretInput = { type: 'password', more: { autocomplete: 'new-password' } } as const;

const states: Record<ui.SecretJson['state'], [tone: ui.Tone, text: string]> = {
  deployment: ['good', 'set in the deployment'],
  page: ['good', 'entered here'],
  'other host': ['bad', 'entered for another address'],
  unreadable: ['bad', 'damaged: enter it again'],
  unused: ['warn', 'not used by the settings'],
  address: ['bad', 'missing in the deployment'],
  missing: ['bad', 'missing'],
};

/** Secrets that the settings name. Admins enter, replace and remove them; nobody sees them again. */
export const SecretsSection = ({ secrets }: { secrets: ui.SecretJson[] }) => (
  <ui.Section id="secrets" title="Secrets">
    <p class="muted">
      Tokens and keys of your tools. Each is stored encrypted, goes to the one address beside it, and is never shown
      again.
    </p>
    <ul class="stack parts">
      {secrets.map((secret) => (
        <Secret {...secret} />
      ))}
    </ul>
  </ui.Section>
);

function Secret({ name, variable, uses, host, state, who, at }: ui.SecretJson) {
  const [tone, text] = states[state];
  const isOfDeployment = state === 'deployment' || state === 'address';
  const form = { action: 'settings/secrets', id: `secret-${name}`, hidden: { name } };
  return (
    <li class="stack tight">
      <div class="row">
        <strong>{uses.join(', ') || 'No tool'}</strong>
        <code>{name}</code>
        <ui.Pill tone={tone}>{text}</ui.Pill>
      </div>
      <p class="muted">
        {/[.:]/.test(host) ? `For ${host}` : 'For what comes in'}
        {who && at && [', entered by ', <ui.Person who={who} />, ' ', <ui.Moment at={at} />]}
      </p>
      {isOfDeployment && (
        <p class="muted">
          Only the variable <code>{variable}</code> of the deployment sets it.
        </p>
      )}
      {!isOfDeployment && state !== 'unused' && (
        <ui.FoldedForm
          {...form}
          name={who ? `Replace ${name}` : `Enter ${name}`}
          open={state !== 'page'}
          fields={[ui.line('value', 'Paste it', 10_000, secretInput)]}
          button="Save the secret"
        />
      )}
      {who && (
        <ui.Form {...form} id={`remove-${name}`} hidden={{ name, remove: 'yes' }} plain button={`Remove ${name}`} />
      )}
    </li>
  );
}
