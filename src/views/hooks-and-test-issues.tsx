import * as ui from './kit.ts';

/** `back` is the page below the workspace to which the button leads back. */
type At = { back: string };

/** What became of the last test issue of a tracker, and the button for what comes next. */
export const TestIssueState = ({ back, tracker, last }: At & { tracker: string; last: ui.TestIssue | null }) => (
  <div class="stack tight">
    {last && (
      <p role="status">
        {last.says}{' '}
        {last.issue && (
          <ui.ExternalLink url={last.issue.url}>Issue {ui.formatIssueKey(last.issue.key)}</ui.ExternalLink>
        )}
      </p>
    )}
    {last?.next !== '' && ui.useVisit().may.includes('makeTestIssue') && (
      <ui.Form action="set-up/test-issue" hidden={{ tracker, back }} button={last?.next ?? 'Make a test issue'} plain />
    )}
  </div>
);

interface HookProps extends At {
  /** The tracker, or `source:` and the source. */
  queue: string;
  form?: string;
  title?: string | undefined;
  hook: ui.HookState | null | undefined;
  /** What the token must be allowed; null where the webhook is added by hand. */
  need: string | null;
}

/** The webhook of a tracker, or of a form of a source, as far as Caselite registers it. */
export const Hook = ({ back, queue, form = '', title, hook, need }: HookProps) =>
  need && (
    <div class="stack tight">
      <p class={hook?.state === 'refused' ? 'notice warn' : undefined} role="status">
        {title && <bdi>{title}: </bdi>}
        {hook?.says ?? 'Caselite can add the webhook itself.'}
        {hook?.state !== 'in use' && ` The token must allow: ${need}.`}
      </p>
      {hook?.state !== 'asked' && ui.useVisit().may.includes('registerHook') && (
        <ui.Form
          action="set-up/hook"
          hidden={{ queue, form, back }}
          button={hook?.state === 'in use' ? 'Register it again' : 'Register the webhook'}
          plain
        />
      )}
    </div>
  );

type SourceHookProps = At & {
  source: Pick<ui.SourceJson, 'name' | 'hooks' | 'hooksNeed'>;
  form: string;
  title?: string;
};

export const SourceHook = ({ source: { name, hooks, hooksNeed }, form, ...at }: SourceHookProps) => (
  <Hook {...at} queue={`source:${name}`} form={form} hook={hooks.find((each) => each.form === form)} need={hooksNeed} />
);
