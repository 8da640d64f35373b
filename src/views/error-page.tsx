import { MessagePage } from './message-page.tsx';

export function errorPage(title: string, text: string) {
  return (
    <MessagePage title={title}>
      <p>{text}</p>
    </MessagePage>
  );
}
