import { MessagePage } from './message-page.tsx';

export function renderErrorPage(title: string, text: string) {
  return (
    <MessagePage title={title}>
      <p>{text}</p>
    </MessagePage>
  );
}
