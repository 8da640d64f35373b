import { printProgress } from './progress.ts';
import type { Stack } from './stack.ts';
import {
  checkNothingTwiceOrLeaked,
  playBronzeIsOverdue,
  playCloserAnswers,
  playCustomerConfirms,
  playCustomerDisputes,
  playDanaCloses,
  playStrategicCloses,
} from './tour-closing.ts';
import {
  playGoldCannotInstall,
  playProductRequestInGrowth,
  playRepeatedAndForgedDelivery,
  playSilverAndBronze,
  playStrategicGathers,
} from './tour-opening.ts';
import { Failed, Stage } from './tour-stage.ts';

const steps: [string, (tour: Stage) => Promise<void>][] = [
  ['A gold customer could not install the upgrade: an urgent issue in the support tracker', playGoldCannotInstall],
  ['The same delivery again, and one with a false signature: nothing new', playRepeatedAndForgedDelivery],
  ['Silver and bronze: high and normal, each with its own goal', playSilverAndBronze],
  ['Low ease gathers under one strategic issue in the product tracker', playStrategicGathers],
  ['A product request goes to the growth tracker', playProductRequestInGrowth],
  ['Dana closes the issue: customer and closer are asked', playDanaCloses],
  ['Dana says by a comment that it is closed; somebody opens the survey link without answering', playCloserAnswers],
  ['The customer says no: disputed, reopened, and the issue says why', playCustomerDisputes],
  ['Closed again, and this time the customer says yes: confirmed', playCustomerConfirms],
  ['The strategic issue is closed: every affected customer is notified and asked', playStrategicCloses],
  ['The bronze case was left alone: overdue, marked and escalated', playBronzeIsOverdue],
  ["Nothing twice, and no customer's words in any tracker", checkNothingTwiceOrLeaked],
];

/**
 * Plays Acme's story on the running stack, and checks each step from outside: by the API, the trackers and the inbox.
 *
 * @returns whether every step passed
 */
export async function playTour(stack: Stack): Promise<boolean> {
  const { emulators } = stack;
  if (!emulators) throw new Error('The tour needs the emulators.');
  const tour = new Stage(stack, emulators);
  let number = 0;
  try {
    for (const [title, play] of steps) {
      number += 1;
      printProgress(`${number}. ${title}`);
      await play(tour);
    }
    printProgress(`All ${number} steps were checked and held.`);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`\nStep ${number} did not hold: ${reason}`);
    if (!(error instanceof Failed) && error instanceof Error) console.error(error.stack);
    return false;
  }
}
