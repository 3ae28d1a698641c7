import type { ChartPayload } from '../html/payload.ts';
import { Course } from './course.ts';
import { themeSwitch } from './theme.ts';

/** Width of a page of A4 without its margins, CSS pixels at 96 dpi: charts are drawn anew for paper. */
const paperWidth = '690px';

const payload = JSON.parse(document.getElementById('run-data')?.textContent ?? '') as ChartPayload;
const course = new Course(payload);
const button = document.getElementById('theme');
if (button) themeSwitch(button, () => course.recolour());

/** Grades that are open on paper only: it has no other way to show what is behind them. */
let opened: HTMLDetailsElement[] = [];

/** Paper is white, whatever the screen shows. */
addEventListener('beforeprint', () => {
  document.documentElement.classList.add('printing');
  document.body.style.width = paperWidth;
  opened = [...document.querySelectorAll<HTMLDetailsElement>('.grade:not([open])')];
  for (const grade of opened) grade.open = true;
  course.fit();
  course.recolour();
});

addEventListener('afterprint', () => {
  document.documentElement.classList.remove('printing');
  document.body.style.removeProperty('width');
  for (const grade of opened) grade.open = false;
  course.fit();
  course.recolour();
});
