import { AppError } from '#domain/errors.ts';
import { responseId } from '#domain/key.ts';
import { toResponse } from '#domain/response.ts';
import { byPriority, evaluate, explain } from '#domain/template.ts';
import { backgroundOf } from './background.ts';
import type { Core } from './core.ts';
import { openOrJoin } from './open-case.ts';
import { countTry, type Delivery, nextWaitingDelivery, settleDelivery } from './store/deliveries.ts';
import { setDecisions, upsertCustomer, upsertResponse } from './store/responses.ts';
import { tellNotice } from './tell-notice.ts';

const mostTries = 3;

/**
 * Turns the oldest waiting delivery into a response, and the response into cases, in one transaction. What
 * cannot be used is set aside after three tries, raw, and never stands in the way of the next.
 *
 * @returns false when nothing waits
 */
export function processNextDelivery(core: Core): boolean {
  const delivery = nextWaitingDelivery(core.sql);
  if (!delivery) return false;
  const tries = countTry(core.sql, delivery.seq);
  try {
    core.sql.transaction(() => processDelivery(core, delivery));
  } catch (error) {
    const expected = error instanceof AppError;
    if (!expected)
      core.log.error('delivery-failed', { delivery: delivery.id, source: delivery.source, tries });
    if (expected || tries >= mostTries) {
      const why = expected ? error.message : 'an unexpected error; the raw delivery is kept';
      settleDelivery(core.sql, delivery.seq, 'set-aside', { error: why });
    }
  }
  return true;
}

function processDelivery(core: Core, delivery: Delivery): void {
  const source = core.outside.source(delivery.source);
  const settings = core.settings.workspace.sources[delivery.source];
  if (!source || !settings)
    throw new AppError('config', `source ${delivery.source} is no longer in the workspace file`);
  const parsed = source.parse(delivery);
  if (parsed.kind === 'reference') {
    throw new AppError('config', 'the answers of this source must be fetched, which is not set up');
  }
  if (parsed.kind === 'test') {
    settleDelivery(core.sql, delivery.seq, 'test');
    return;
  }
  const content = toResponse(delivery.source, settings, parsed.response);
  const id = responseId(core.keys, delivery.source, content.form, content.responseId);
  // A response that names nobody is its own customer.
  const customerKey = content.customer.key ?? id;
  const kept = upsertResponse(core.sql, { id, customerKey, receivedAt: delivery.receivedAt, content });
  settleDelivery(core.sql, delivery.seq, kept === 'duplicate' ? 'duplicate' : 'stored', { responseId: id });
  if (kept === 'duplicate') return;
  upsertCustomer(core.sql, customerKey, content.customer, delivery.receivedAt);
  const decisions = byPriority(core.settings.templates).map(([name, template]) => {
    const { matched, why } = evaluate(template, content, backgroundOf(core, template, customerKey, content));
    const reasons = explain(why);
    if (!matched) return { template: name, opened: false, why: reasons };
    if (template.action === 'notice')
      return { template: name, opened: false, why: [...reasons, tellNotice(core, name, template, id)] };
    return {
      template: name,
      opened: true,
      why: [...reasons, openOrJoin(core, name, template, { id, customerKey, content }, reasons)],
    };
  });
  setDecisions(core.sql, id, decisions);
}
