import * as ui from './kit.ts';
import { Frame } from './message-page.tsx';

interface SignInFormProps {
  issuers: { name: string; title: string }[];
  /** Name of the workspace; null where the person has to type it. */
  workspace: string | null;
  path: string;
}

const workspaceField = ui.line('workspace', 'Workspace', 63, {
  more: {
    pattern: '[a-z0-9][a-z0-9\\-]*',
    title: 'The short name in the addresses of its pages, such as acme',
    autocapitalize: 'none',
    spellcheck: false,
  },
});

const emailField = ui.line('email', 'E-mail address', 254, { type: 'email', more: { autocomplete: 'email' } });

const SignInForm = ({ workspace, path, issuers }: SignInFormProps) => (
  <form class="stack" method="post" action="/sign-in">
    {workspace === null ? (
      <ui.LabelledField id="workspace" field={workspaceField} />
    ) : (
      <input type="hidden" name="workspace" value={workspace} />
    )}
    <input type="hidden" name="path" value={path} />
    <ui.LabelledField id="email" field={emailField} />
    <button type="submit">Mail me a sign-in link</button>
    <div class="row">
      {issuers.map(({ name, title }) => (
        <button class="plain" type="submit" formaction={`/sign-in/with/${name}`} formnovalidate>
          Sign in with {title}
        </button>
      ))}
    </div>
  </form>
);

/** Page for people without a session, whether or not the workspace exists. */
export const SignInPage = ({ title, why, ...form }: SignInFormProps & { title: string; why?: string | undefined }) => (
  <Frame title={title}>
    {why && <ui.Notice tone="bad">{why}</ui.Notice>}
    <p>Enter the e-mail address under which you work here. You get a link that signs you in.</p>
    <SignInForm {...form} />
  </Frame>
);

/** Introduction to Caselite at its bare address. Names no workspace. */
export const HomePage = ({ issuers }: Pick<SignInFormProps, 'issuers'>) => (
  <Frame title="Caselite">
    <p>
      Unhappy survey responses become cases. Cases become issues in your issue tracker. A closed issue is only a claim,
      until the customer and the person who closed it were both asked.
    </p>
    <h2>Sign in</h2>
    <SignInForm workspace={null} path="" issuers={issuers} />
    <p class="muted">A link to a survey in a mail works without signing in.</p>
  </Frame>
);

/** The same answer for every address, so that it does not say who works here. */
export const LinkRequestedPage = () => (
  <Frame title="Check your mail">
    <p>
      If somebody of the workspace has this address, a mail with a sign-in link is on its way. The link works once,
      within 15 minutes.
    </p>
    <p class="muted">
      No mail after a few minutes? Look into the spam folder, or ask a case manager which address they know of you.
      After three mails, the next one takes 15 minutes.
    </p>
  </Frame>
);

type ConfirmProps = { workspaceName: string; personName: string };

/** Page of a sign-in link. Only its button signs in, because mail scanners open links. */
export const ConfirmSignInPage = ({ workspaceName, personName }: ConfirmProps) => (
  <Frame title={`Sign in to ${workspaceName}`}>
    <p>
      You sign in as <strong dir="auto">{personName}</strong> in this browser.
    </p>
    <form method="post">
      <button type="submit">Sign in</button>
    </form>
  </Frame>
);
