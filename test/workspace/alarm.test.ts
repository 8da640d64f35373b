import { expect, it } from 'vitest';
import { Alarm } from '#src/workspace/alarm.ts';

function createAlarm() {
  const set: number[] = [];
  return { set, alarm: new Alarm({ setAlarm: async (at) => void set.push(at) }) };
}

it('an alarm is set before anything else has its turn, and once for each instant', () => {
  const { alarm, set } = createAlarm();
  void alarm.set(30);
  void alarm.set(30);
  void alarm.set(50);
  expect(set).toEqual([30, 50]);
});

it('an alarm is brought forward, and never put off by that', () => {
  const { alarm, set } = createAlarm();
  void alarm.bringForward(30);
  void alarm.bringForward(40);
  void alarm.bringForward(20);
  expect(set).toEqual([30, 20]);
});

it('an alarm that rang is set anew, for the same instant too', () => {
  const { alarm, set } = createAlarm();
  void alarm.set(30);
  alarm.forget();
  void alarm.set(30);
  expect(set).toEqual([30, 30]);
});
