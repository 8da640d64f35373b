import type { DateOrder } from '../../instants.ts';

export interface KnownExport {
  tool: string;
  id: string[];
  submittedAt: string[];
  startedAt?: string[];
  language?: string[];
  dates?: DateOrder;
  ignore: string[];
  test?: Record<string, string[]>;
  partial?: Record<string, string[]>;
}

/* In the order in which they are tried, because general names stand in several exports. */
export const knownExports: KnownExport[] = [
  {
    tool: 'Qualtrics',
    id: ['ResponseId', 'ResponseID', 'Response ID'],
    submittedAt: ['RecordedDate', 'Recorded Date', 'EndDate'],
    language: ['UserLanguage', 'User Language'],
    ignore: [
      ...['StartDate', 'EndDate', 'Status', 'IPAddress', 'Progress', 'Duration (in seconds)', 'Finished'],
      ...['RecipientLastName', 'RecipientFirstName', 'RecipientEmail', 'ExternalReference'],
      ...['LocationLatitude', 'LocationLongitude', 'DistributionChannel'],
    ],
    test: { Status: ['Survey Preview', 'Survey Test', 'Spam', '1', '2', '8'] },
    partial: { Finished: ['False', '0'] },
  },
  {
    tool: 'SurveyMonkey',
    id: ['Respondent ID'],
    submittedAt: ['End Date'],
    dates: 'month-first',
    ignore: [
      ...['Collector ID', 'Start Date', 'IP Address', 'Email Address', 'First Name', 'Last Name'],
      ...['Custom Data 1', 'Custom Value'],
    ],
  },
  {
    tool: 'Typeform',
    id: ['#'],
    submittedAt: ['Submit Date (UTC)', 'Submitted At'],
    startedAt: ['Start Date (UTC)', 'Stage Date (UTC)'],
    ignore: ['Start Date (UTC)', 'Stage Date (UTC)', 'Network ID', 'Tags', 'Response Type', 'Ending'],
    partial: { 'Response Type': ['partial', 'started'] },
  },
  { tool: 'Tally', id: ['Submission ID'], submittedAt: ['Submitted at'], ignore: ['Respondent ID'] },
  {
    tool: 'Jotform',
    id: ['Submission ID'],
    submittedAt: ['Submission Date'],
    ignore: ['Submission IP', 'Submission URL', 'Last Update Date', 'Submission Status'],
  },
  {
    tool: 'LimeSurvey',
    id: ['id', 'Response ID'],
    submittedAt: ['submitdate', 'Date submitted'],
    startedAt: ['datestamp', 'Date last action', 'startdate', 'Date started'],
    language: ['startlanguage', 'Start language'],
    ignore: [
      ...['lastpage', 'seed', 'startdate', 'datestamp', 'ipaddr', 'refurl', 'token'],
      ...['Last page', 'Seed', 'Date started', 'Date last action', 'IP address', 'Referrer URL', 'Access code'],
    ],
  },
  {
    tool: 'Formbricks',
    id: ['Response ID'],
    submittedAt: ['Timestamp'],
    ignore: [
      ...['No.', 'Finished', 'Survey ID', 'Formbricks ID (internal)', 'Formbricks ID', 'User ID', 'Notes', 'Tags'],
      ...['URL', 'Source', 'Country', 'Browser', 'OS', 'Device'],
    ],
    partial: { Finished: ['No', 'false', 'False'] },
  },
  {
    tool: 'Microsoft Forms',
    id: ['ID', 'Id'],
    submittedAt: ['Completion time', 'Fertigstellungszeit'],
    language: ['Language', 'Sprache'],
    ignore: ['Start time', 'Startzeit', 'Email', 'E-Mail', 'Name', 'Last modified time'],
  },
  {
    tool: 'Google Forms',
    id: [],
    submittedAt: [
      ...['Timestamp', 'Zeitstempel', 'Horodateur', 'Marca temporal', 'Informazioni cronologiche'],
      ...['Carimbo de data/hora', 'Tijdstempel', 'Sygnatura czasowa'],
      ...['タイムスタンプ', '時間戳記', '时间戳记', '타임스탬프'],
    ],
    ignore: ['Email Address', 'Username'],
  },
];
