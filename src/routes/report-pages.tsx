import { FollowUpListPage, followUpStates } from '../views/follow-up-list.tsx';
import { LoopReportPage } from '../views/loop-report.tsx';
import { PeoplePage } from '../views/people-page.tsx';
import { answerCsv, type FormHandler, type PageHandler } from './page.tsx';
import { unwrap } from './workspace-access.ts';

const usualReportDays = 90;
const followUpsPerPage = 50;

/** The results of a period. */
export const showLoopReport: PageHandler = async (c, visit, workspace) => {
  const days = Number(c.req.query('days') ?? usualReportDays);
  const report = await workspace.loopReport(days);
  const shown = report.ok || report.code !== 'invalid-input' ? report : await workspace.loopReport(usualReportDays);
  return c.html(<LoopReportPage visit={visit} report={unwrap(shown)} />);
};

export const showPeople: PageHandler = async (c, visit, workspace) =>
  c.html(
    <PeoplePage visit={visit} people={unwrap(await workspace.people())} invited={c.req.query('invited') ?? null} />,
  );

export const allowPersonMail: FormHandler = async (c, visit, workspace, field) => {
  unwrap(await workspace.mailAgain(c.req.param('person') ?? '', { reason: field('reason') }));
  return c.redirect(`/w/${visit.workspace}/people`, 303);
};

export const showFollowUps: PageHandler = async (c, visit, workspace) => {
  const state = followUpStates.find((followUpState) => followUpState === c.req.query('state')) ?? null;
  const cursor = c.req.query('before') || null;
  const read = async (from: string | null, limit: number) =>
    unwrap(await workspace.followUpList({ state, cursor: from, limit }));
  const csv = await answerCsv(c, 'follow-ups', read);
  if (csv) return csv;
  const { items, next } = await read(cursor, followUpsPerPage);
  return c.html(<FollowUpListPage visit={visit} rows={items} state={state} next={next} newest={cursor === null} />);
};
