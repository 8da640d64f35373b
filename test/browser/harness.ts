import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { type Stack, startStack } from '#src/cli/stack.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { sendSampleDeliveries } from '#tools/samples.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const offline = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

export interface Harness {
  stack: Stack;
  browser: Browser;
  open(options: {
    width: number;
    scheme: 'light' | 'dark';
  }): Promise<{ context: BrowserContext; page: Page; troubles: string[] }>;
  /** Signs the first person of the workspace in. */
  signIn(page: Page): Promise<void>;
  /** Survey link in the newest follow-up mail to an address. */
  surveyLink(address: string): Promise<string>;
  close(): Promise<void>;
}

export function launchBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `There is no Chromium at ${executablePath}. Install it (apt-get install chromium) or set CHROMIUM.`,
    );
  }
  return chromium.launch({ executablePath, args: [...quiet, ...offline] });
}

/** The real server, started as by `npm start`, with Acme's samples and a browser. */
export async function startHarness(): Promise<Harness> {
  const browser = await launchBrowser();
  const path = mkdtempSync(join(tmpdir(), 'caselite-browser-'));
  const stack = await startStack({
    folder: new DataFolder(path),
    workspaceFilePath: join(projectRoot, 'templates', 'workspaces', 'acme-tour.yaml'),
    port: 0,
    emulators: true,
  });
  await sendSampleDeliveries(stack);
  return {
    stack,
    browser,
    async open({ width, scheme }) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(message.text());
      });
      page.on('pageerror', (error) => troubles.push(error.message));
      return { context, page, troubles };
    },
    async signIn(page) {
      const [person = ''] = Object.keys(stack.workspace.people);
      const { url } = await stack.client.call('POST sign-in-links', {}, { person });
      await page.goto(url);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
    async surveyLink(address) {
      const mail = await until(`a follow-up to ${address}`, async () =>
        (await stack.emulators?.inbox())?.find(({ to, text }) => to.includes(address) && text.includes('/s/')),
      );
      return /https?:\/\/\S+\/s\/\S+/.exec(mail.text)?.[0] ?? '';
    },
    async close() {
      await browser.close();
      await stack.stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Reloads a page; one that is just being left is looked at again later. */
export const reload = (page: Page) => page.reload().catch(() => null);
