import { describe, expect, it } from 'vitest';
import { csv } from '#adapters/surveys/csv/definition.ts';
import { InvalidInputError } from '#domain/base/errors.ts';

const receivedAt = Date.UTC(2026, 10, 23, 8);

function rows(lines: string[], more: object = {}) {
  const settings = csv.settings.parse({ kind: 'csv', ...more });
  const body = new TextEncoder().encode(lines.join('\n'));
  const parsed = csv.parse({ body, headers: {}, receivedAt }, settings);
  if (parsed.kind !== 'rows') throw new Error(parsed.kind);
  return parsed.rows.map(({ line, response }) => ({
    line,
    id: response.responseId,
    at: new Date(response.submittedAt).toISOString().slice(0, 16),
    partial: response.partial,
    answers: response.answers.map(({ question, value }) => `${question.title}: ${value}`),
    names: response.answers.flatMap(({ question }) => question.names),
    notes: response.notes,
  }));
}

function refusal(...given: Parameters<typeof rows>): string {
  try {
    rows(...given);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
  throw new Error('the file was read');
}

it('reads ids kept from spreadsheets, boxes as yes and no, and columns named in other letters', () => {
  const columns = { id: 'ID', 'submitted-at': 'date' };
  const [first] = rows(['id,Date,Ticked', '="007",2026-11-20 08:00,TRUE'], { columns });
  expect(first).toMatchObject({ id: '007', at: '2026-11-20T08:00', answers: ['Ticked: true'] });
});

describe('finding 7: an export as its tool writes it, without settings', () => {
  it('SurveyMonkey: two header rows, and a column for each ticked box', () => {
    const [first, second] = rows([
      'Respondent ID,Collector ID,Start Date,End Date,IP Address,How likely?,What helped?,,,Rate us,,Why?',
      ',,,,,Response,Guide,Chat,Other (please specify),Speed,Price,Open-Ended Response',
      '118000000000001,45,11/20/2026 07:55:00 AM,11/20/2026 08:00:00 AM,10.0.0.1,3,Guide,Chat,,Poor,Good,"Slow, sadly"',
      '118000000000002,45,11/20/2026 07:55:00 AM,11/20/2026 08:10:00 PM,10.0.0.2,9,,,Friends,,,',
    ]);
    expect(first).toMatchObject({ line: 3, id: '118000000000001', at: '2026-11-20T08:00', partial: false });
    expect(first?.answers).toEqual([
      'How likely?: 3',
      'Rate us [Speed]: Poor',
      'Rate us [Price]: Good',
      'Why?: Slow, sadly',
      'What helped?: Guide,Chat',
    ]);
    expect(second).toMatchObject({
      at: '2026-11-20T20:10',
      answers: ['How likely?: 9', 'What helped? [Other (please specify)]: Friends'],
    });
  });

  it('Qualtrics: three header rows, whose third gives the ids of the questions', () => {
    const file = [
      'StartDate,EndDate,Status,Finished,RecordedDate,ResponseId,UserLanguage,Comfort,Comfort,Q2_TEXT',
      '"Start Date","End Date","Response Type",Finished,"Recorded Date","Response ID","User Language","How was it?","How was it again?","Why?\nTell us"',
      '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""status""}","{""ImportId"":""finished""}","{""ImportId"":""recordedDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""userLanguage""}","{""ImportId"":""QID1""}","{""ImportId"":""QID7""}","{""ImportId"":""QID2_TEXT""}"',
      '2026-11-20 07:55:00,2026-11-20 08:00:00,IP Address,True,2026-11-20 08:00:01,R_1,EN,Bad,Fine,Slow',
      '2026-11-20 07:55:00,2026-11-20 08:00:00,Survey Preview,True,2026-11-20 08:00:01,R_2,EN,Bad,,',
      '2026-11-20 07:55:00,2026-11-20 08:00:00,IP Address,False,2026-11-20 08:00:02,R_3,EN,Good,,',
    ];
    const [first, unfinished, ...more] = rows(file);
    expect(first).toMatchObject({ line: 5, id: 'R_1', at: '2026-11-20T08:00', partial: false });
    expect(first?.answers).toEqual(['How was it?: Bad', 'How was it again?: Fine', 'Why?\nTell us: Slow']);
    expect(first?.names).toContain('QID1');
    expect(unfinished).toMatchObject({ id: 'R_3', partial: true });
    expect(more).toEqual([]);
  });

  it.each<[string, string[], object]>([
    [
      'Google Forms',
      ['Timestamp,Email Address,How easy?,Why?', '2026/11/20 8:00:00 AM GMT+1,a@b.test,2,Slow'],
      { id: null, at: '2026-11-20T07:00', answers: ['How easy?: 2', 'Why?: Slow'] },
    ],
    [
      'Google Forms in Japanese',
      ['タイムスタンプ,評価', '2026/11/20 8:00:00 午前 GMT+9,2'],
      { at: '2026-11-19T23:00', answers: ['評価: 2'] },
    ],
    [
      'Typeform',
      [
        '#,How easy?,Other,Other,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags',
        'abc1,2,Chat,Phone,completed,2026-11-20 07:55:00,,2026-11-20 08:00:00,n1,',
      ],
      { id: 'abc1', at: '2026-11-20T08:00', answers: ['How easy?: 2', 'Other: Chat', 'Other: Phone'] },
    ],
    [
      'Tally',
      ['Submission ID,Respondent ID,Submitted at,How easy?,', 'x1,p1,2026-11-20 08:00:00,2,'],
      { id: 'x1', at: '2026-11-20T08:00', answers: ['How easy?: 2'] },
    ],
    [
      'Jotform',
      ['Submission Date,How easy?,Submission ID', '"Nov 20, 2026 8:00 AM",2,6114090137116205381'],
      { id: '6114090137116205381', at: '2026-11-20T08:00', answers: ['How easy?: 2'] },
    ],
    [
      'Formbricks',
      [
        'No.,Response ID,Timestamp,Finished,Survey ID,User ID,Notes,Tags,1. How easy?',
        '1,c1,2026-11-20T08:00:00.000Z,Yes,s1,,,,2',
      ],
      { id: 'c1', at: '2026-11-20T08:00', partial: false, answers: ['1. How easy?: 2'] },
    ],
    [
      'LimeSurvey',
      ['id,submitdate,lastpage,startlanguage,seed,startdate,datestamp,G01Q01', '7,2026-11-20 08:00:00,1,en,55,,,2'],
      { id: '7', at: '2026-11-20T08:00', partial: false, answers: ['G01Q01: 2'] },
    ],
    [
      'LimeSurvey, unfinished',
      ['id;submitdate;lastpage;startlanguage;datestamp;G01Q01', '7;;1;en;2026-11-20 08:00:00;2'],
      { id: '7', at: '2026-11-20T08:00', partial: true, answers: ['G01Q01: 2'] },
    ],
    [
      'LimeSurvey without times',
      ['id,submitdate,lastpage,startlanguage,G01Q01', '7,,1,en,2'],
      { id: '7', at: '2026-11-23T08:00', partial: true, notes: [expect.stringContaining('no time')] },
    ],
    [
      'Microsoft Forms, by its workbook saved as CSV',
      ['ID,Start time,Completion time,Email,Name,How easy?', '1,11/20/26 7:55:00,11/20/26 8:00:00,anonymous,,2'],
      { id: '1', at: '2026-11-20T08:00', answers: ['How easy?: 2'] },
    ],
    [
      'SurveyMonkey with the day first',
      ['Respondent ID,End Date,How easy?', '118000000000001,20/11/2026 08:00:00,2'],
      { at: '2026-11-20T08:00', answers: ['How easy?: 2'] },
    ],
  ])('%s', (_, file, expected) => expect(rows(file)).toMatchObject([expected]));

  it('keeps the time zone that the header names, whatever the settings say', () => {
    const berlin = { 'time-zone': 'Europe/Berlin' };
    const typeform = ['#,How easy?,Submit Date (UTC)', 'abc1,2,2026-11-20 08:00:00'];
    expect(rows(typeform, berlin)).toMatchObject([{ at: '2026-11-20T08:00' }]);
    const qualtrics = (zone: string) => [
      'RecordedDate,ResponseId,Q1',
      'Recorded Date,Response ID,How?',
      `"{""ImportId"":""recordedDate"",""timeZone"":""${zone}""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"`,
      '2026-11-20 08:00:00,R_1,2',
    ];
    expect(rows(qualtrics('America/Denver'), berlin)).toMatchObject([{ at: '2026-11-20T15:00' }]);
    expect(rows(qualtrics('Z'), berlin)).toMatchObject([{ at: '2026-11-20T08:00' }]);
  });

  it('names the setting where its second header row is read as a response', () => {
    const file = ['RecordedDate,ResponseId,Q1', 'Recorded Date,Response ID,How?', '2026-11-20 08:00:00,R_1,2'];
    expect(refusal(file)).toContain('is not a time such as 2026-11-24 08:00');
    expect(refusal(file)).toContain('set header-rows: 2');
  });

  it('is named as unknown with its columns, and with the setting that helps', () => {
    expect(refusal(['When,Score', '2026-11-20,2'])).toBe(
      'columns.submitted-at: is missing, and the file is no export that is known; name the column with the time of each response: When, Score',
    );
  });

  it('is refused as a workbook, with the remedy', () => {
    expect(refusal(['PK\u0003\u0004 xl/workbook.xml'])).toContain('is an Excel workbook or another archive; save');
  });
});

describe('a file with settings', () => {
  const columns = { columns: { id: 'ID', 'submitted-at': 'Date' } };

  it('may have header rows that the settings count', () => {
    const file = ['Export of today,,', 'ID,Date,NPS', 'a,2026-11-20,2'];
    expect(refusal(file, columns)).toContain('columns.id: is ID');
    const two = ['ID,Date,NPS', 'Key,Day,Score', 'a,2026-11-20,2'];
    expect(rows(two, { columns: { id: 'ID [Key]', 'submitted-at': 'Date [Day]' }, 'header-rows': 2 })).toMatchObject([
      { line: 3, id: 'a', answers: ['NPS: 2'] },
    ]);
  });

  it('has the order of days and months that fits every row, and is asked where two fit', () => {
    const read = (...dates: string[]) => rows(['ID,Date', ...dates.map((date, index) => `${index},${date}`)], columns);
    expect(read('05/11/2026', '28/11/26 8:00')[0]?.at).toBe('2026-11-05T00:00');
    expect(read('05/11/2026', '11/28/2026 8:00 PM')[0]?.at).toBe('2026-05-11T00:00');
    expect(refusal(['ID,Date', 'a,05/11/2026'], columns)).toBe(
      'line 2, column 2 (Date): may be day-first or month-first; set dates: day-first or dates: month-first',
    );
  });

  it('has fractions with a comma where a whole column writes them so', () => {
    const file = ['ID;Date;Score;Note', 'a;2026-11-20;8,5;1,5', 'b;2026-11-20;9;about 2,5'];
    expect(rows(file, columns).flatMap(({ answers }) => answers)).toEqual([
      'Score: 8.5',
      'Note: 1,5',
      'Score: 9',
      'Note: about 2,5',
    ]);
    const typed = { ...columns, types: { Score: 'number' } };
    expect(refusal(['ID;Date;Score', 'a;2026-11-20;1,234'], typed)).toContain(
      'a comma is read before one or two digits',
    );
  });
});

describe('finding 8: two rows with one id', () => {
  const columns = { columns: { id: 'ID', 'submitted-at': 'Date' } };

  it('and other cells are named by their lines', () => {
    expect(refusal(['ID,Date,NPS', 'same1,2026-11-20,2', 'x,2026-11-20,3', 'same1,2026-11-20,9'], columns)).toBe(
      'line 4, column 1 (ID): has the id of line 2 and other cells; correct one of them, or name the time of the change as columns.updated-at',
    );
    expect(rows(['ID,Date,NPS', 'same1,2026-11-20,2', 'same1,2026-11-20,2'], columns)).toHaveLength(2);
  });

  it('that a spreadsheet rounded is refused', () => {
    expect(refusal(['ID,Date,NPS', '1.2345E+17,2026-11-20,2'], columns)).toContain(
      'is 1.2345E+17, which a spreadsheet made of a longer id; export again, and import the file unopened',
    );
  });
});
