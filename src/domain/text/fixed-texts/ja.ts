import type { FixedTexts } from './en.ts';

export const ja: FixedTexts = {
  why: '{name} に問題をお知らせいただいたため、このメールをお送りしています。',
  optOutLinkText: '今後このようなメールを受け取らない',
  ifButtonFails: 'ボタンが使えない場合は、次のアドレスを開いてください',
  send: '送信',
  nothingSentBeforeButton: 'ボタンを押すまで何も送信されません。',
  optional: '(任意)',
  withUs: '回答を受け取りました。ここで変更することもできます。',
  answersNotSentYet: '回答はまだ送信されていません。',
  choose: '回答を選んでください。',
  error: 'エラー',
  thankYou: 'ありがとうございました',
  change: '回答を変更する',
  over: 'このアンケートは終了しました',
  surveyOverExplanation:
    'お越しいただきありがとうございます。期限が過ぎたか、問題への対応が再開されたため、この質問は受け付けていません。まだ問題がある場合は、お送りしたメールにご返信ください。担当者が拝見します。',
  optOutTitle: 'メールの停止',
  optOutQuestion: '今後メールを受け取りませんか。',
  optOutEffect: 'この操作の後は、お客様の件について質問をお送りしません。',
  optOutButton: 'メールを止める',
  stopped: '今後このようなメールは届きません',
  optedOutEffect: 'ただちに有効です。ほかに必要な操作はありません。',
  done: '担当チームの作業が終わり、解決したと報告を受けています。',
  doneForManyCustomers:
    'ほかのお客様からも同じお知らせをいただき、まとめて対応しました。担当チームは解決したと報告しています。',
  caseNameByAnswer: '{date}のご回答',
  caseNameByManualOpening: '{date}のお知らせ',
  also: 'このメールは、お客様がお知らせくださった別の点({answer})についてのものでもあります。',
  alsoDeclinedCase:
    'このメールは、お客様がお知らせくださった別の点({answer})についてのものでもあります。ご要望には次の理由でお応えできません: {explanation}',
  furtherCaseHeading: 'お知らせくださった別の点({answer})について',
  replyReachesPerson: 'このメールにご返信いただくと、担当者に届きます。',
  answersNeverRankPeople: '回答は、解決の妨げになっているものを見つけるために使います。人の評価には決して使いません。',
};
