import { LoopReportPage } from '../views/loop-report.tsx';
import { unwrap } from './context.ts';
import type { Answer } from './page.tsx';

const usualDays = 90;

/** The results of a period. */
export const showReport: Answer = async (c, visit, workspace) => {
  const days = Number(c.req.query('days') ?? usualDays);
  const report = await workspace.loopReport(days);
  const shown = report.ok || report.code !== 'invalid-input' ? report : await workspace.loopReport(usualDays);
  return c.html(<LoopReportPage visit={visit} report={unwrap(shown)} />);
};
