import { describe, expect, it } from 'vitest';
import { describeChangedLabels } from '#src/workspace/settings/settings-diff.ts';
import { acme } from '#test/domain/samples.ts';

const long = 'Installation and configuration problems on customer premises';
const withCategories = (...names: string[]) =>
  describeChangedLabels(
    acme(({ name, text }) =>
      name === 'acme'
        ? text.replace(/categories: \[/, `categories: [${names.map((each) => `"${each}"`).join(', ')}, `)
        : text,
    ),
  );

describe('finding 8: what becomes of labels', () => {
  it('is nothing to tell of usual names', () => {
    expect(withCategories('Ease of use')).toEqual([]);
  });

  it('is told of a name that is cut, within GitHub’s 50 characters', () => {
    const [line = ''] = withCategories(long);
    expect(line).toMatch(/^category “Installation and .*” becomes the label category:installation-and-[a-z0-9-]*$/);
    expect(line.split(' label ')[1]?.length).toBeLessThanOrEqual(50);
    expect(withCategories(long)).toEqual([line]);
  });

  it('is told of a sign without letters', () => {
    expect(withCategories('🔥')).toEqual(['category “🔥” becomes the label category:u1f525']);
  });

  it('is told of two names with one label', () => {
    expect(withCategories('Setup C', 'Setup C++')).toEqual([
      'category “Setup C” and “Setup C++” share the label category:setup-c; rename one of them',
    ]);
  });

  it('is told of a fixed label of a template that is too long', () => {
    const settings = acme(({ name, text }) =>
      name === 'product-wish' ? `${text}issue: { labels: ["${long}", customer] }\n` : text,
    );
    expect(describeChangedLabels(settings)).toEqual([
      `template product-wish: the label “${long}” is longer than 50 characters, which not every tracker takes; shorten it`,
    ]);
  });

  it('refuses a fixed label of a tracker that is too long', () => {
    const read = () =>
      acme(({ name, text }) =>
        name === 'acme' ? text.replace('    repository: acme/product\n', `$&    labels: ["${long}"]\n`) : text,
      );
    expect(read).toThrow(/labels/);
  });
});
