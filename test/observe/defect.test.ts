import { expect, it } from 'vitest';
import { describeDefect } from '../../src/observe/defect.ts';

it.each([
  { name: 'E'.repeat(64), logged: 'E'.repeat(64) },
  { name: 'E'.repeat(65), logged: 'Error' },
  { name: 'Teilnehmer 13800000000', logged: 'Error' },
  { name: '', logged: 'Error' },
])('an error of a class named "$name" is logged as $logged', ({ name, logged }) => {
  class Named extends Error {}
  Object.defineProperty(Named, 'name', { value: name });
  expect(describeDefect(new Named('secret'))).toMatchObject({ name: logged });
});
