import { LoopReportPage } from '../views/loop-report.tsx';
import type { PageHandler } from './page.tsx';
import { unwrap } from './workspace-access.ts';

const usualReportDays = 90;

/** The results of a period. */
export const showLoopReport: PageHandler = async (c, visit, workspace) => {
  const days = Number(c.req.query('days') ?? usualReportDays);
  const report = await workspace.loopReport(days);
  const shown = report.ok || report.code !== 'invalid-input' ? report : await workspace.loopReport(usualReportDays);
  return c.html(<LoopReportPage visit={visit} report={unwrap(shown)} />);
};
