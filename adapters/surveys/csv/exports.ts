import type { DateOrder } from '../../instants.ts';

/** Names of columns for each part of a response, as an export of one survey tool writes them. */
interface KnownExport {
  tool: string;
  columns: { id?: string[]; 'submitted-at': string[]; 'started-at'?: string[]; language?: string[] };
  dates?: DateOrder;
  ignore: string[];
  test?: Record<string, string[]>;
  partial?: Record<string, string[]>;
}

/* In the order in which they are tried, because general names stand in several exports. */
export const knownExports: KnownExport[] = [
  {
    tool: 'Qualtrics',
    columns: {
      id: ['ResponseId', 'ResponseID', 'Response ID'],
      'submitted-at': ['RecordedDate', 'Recorded Date', 'EndDate'],
      language: ['UserLanguage', 'User Language'],
    },
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
    columns: { id: ['Respondent ID'], 'submitted-at': ['End Date'] },
    dates: 'month-first',
    ignore: [
      ...['Collector ID', 'Start Date', 'IP Address', 'Email Address', 'First Name', 'Last Name'],
      ...['Custom Data 1', 'Custom Value'],
    ],
  },
  {
    tool: 'Typeform',
    columns: {
      id: ['#'],
      'submitted-at': ['Submit Date (UTC)', 'Submitted At'],
      'started-at': ['Start Date (UTC)', 'Stage Date (UTC)'],
    },
    ignore: ['Start Date (UTC)', 'Stage Date (UTC)', 'Network ID', 'Tags', 'Response Type', 'Ending'],
    partial: { 'Response Type': ['partial', 'started'] },
  },
  { tool: 'Tally', columns: { id: ['Submission ID'], 'submitted-at': ['Submitted at'] }, ignore: ['Respondent ID'] },
  {
    tool: 'Jotform',
    columns: { id: ['Submission ID'], 'submitted-at': ['Submission Date'] },
    ignore: ['Submission IP', 'Submission URL', 'Last Update Date', 'Submission Status'],
  },
  {
    tool: 'LimeSurvey',
    columns: {
      id: ['id', 'Response ID'],
      'submitted-at': ['submitdate', 'Date submitted'],
      'started-at': ['datestamp', 'Date last action', 'startdate', 'Date started'],
      language: ['startlanguage', 'Start language'],
    },
    ignore: [
      ...['lastpage', 'seed', 'startdate', 'datestamp', 'ipaddr', 'refurl', 'token'],
      ...['Last page', 'Seed', 'Date started', 'Date last action', 'IP address', 'Referrer URL', 'Access code'],
    ],
  },
  {
    tool: 'Formbricks',
    columns: { id: ['Response ID'], 'submitted-at': ['Timestamp'] },
    ignore: [
      ...['No.', 'Finished', 'Survey ID', 'Formbricks ID (internal)', 'Formbricks ID', 'User ID', 'Notes', 'Tags'],
      ...['URL', 'Source', 'Country', 'Browser', 'OS', 'Device'],
    ],
    partial: { Finished: ['No', 'false', 'False'] },
  },
  {
    tool: 'Microsoft Forms',
    columns: {
      id: ['ID', 'Id'],
      'submitted-at': ['Completion time', 'Fertigstellungszeit'],
      language: ['Language', 'Sprache'],
    },
    ignore: ['Start time', 'Startzeit', 'Email', 'E-Mail', 'Name', 'Last modified time'],
  },
  {
    tool: 'Google Forms',
    columns: {
      'submitted-at': [
        ...['Timestamp', 'Zeitstempel', 'Horodateur', 'Marca temporal', 'Informazioni cronologiche'],
        ...['Carimbo de data/hora', 'Tijdstempel', 'Sygnatura czasowa'],
        ...['タイムスタンプ', '時間戳記', '时间戳记', '타임스탬프'],
      ],
    },
    ignore: ['Email Address', 'Username'],
  },
];
