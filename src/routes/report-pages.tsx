import { Hono } from 'hono';
import { LoopReportPage } from '../views/loop-report.tsx';
import { type AppContext, unwrap } from './context.ts';
import { signedIn } from './pages.tsx';

const usualDays = 90;

/** What the cases of a period come to. */
export const reportPages = new Hono<AppContext>().get(
  '/w/:workspace/reports',
  signedIn(async (c, visit, workspace) => {
    const days = Number(c.req.query('days') ?? usualDays);
    const report = await workspace.loopReport(days);
    const shown =
      report.ok || report.code !== 'invalid-input' ? report : await workspace.loopReport(usualDays);
    return c.html(<LoopReportPage visit={visit} report={unwrap(shown)} />);
  }),
);
