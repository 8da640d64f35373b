import { MessagePage } from './message-page.tsx';

/** A whole page that says what went wrong. */
export function errorPage(title: string, text: string) {
  return (
    <MessagePage title={title}>
      <p>{text}</p>
    </MessagePage>
  );
}
