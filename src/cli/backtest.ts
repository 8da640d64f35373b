import { basename } from 'node:path';
import { renderBacktestMarkdown, renderBacktestText } from '#domain/reports/backtest-text.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { readSettingsText } from './workspace-files.ts';

type BacktestOptions = ConnectOptions & {
  template: string;
  against?: number | undefined;
  markdown?: true | undefined;
};

/** Prints how many cases a template would have opened for the stored responses. */
export async function runBacktest({ template, against, markdown, ...options }: BacktestOptions): Promise<number> {
  const name = basename(template).replace(/\.ya?ml$/, '');
  const body = { template: name, text: readSettingsText(template), against: against ?? null };
  const { report, timeZone } = await connect(options).call('POST backtest', {}, body);
  console.log((markdown ? renderBacktestMarkdown : renderBacktestText)(report, timeZone));
  return 0;
}
