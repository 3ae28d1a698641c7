import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../lib/grade/compare/types.ts';
import { renderHtml } from '../../lib/report/html.ts';
import { failingComparison, hostileComparison, relativeRun } from '../golden/report/comparison.ts';
import { passingRun } from '../golden/report/fixture.ts';
import { emptyRun, failingRun, hostileRun, hostileText, interruptedRun, invalidRun } from '../golden/report/variants.ts';

const chromiumPath = '/usr/bin/chromium';
const runs = {
  pass: passingRun,
  fail: failingRun,
  invalid: invalidRun,
  'no-data': emptyRun,
  interrupted: interruptedRun,
  hostile: hostileRun,
  gated: relativeRun,
};
type RunName = keyof typeof runs;
/** Runs that were compared with another. */
const comparisons: Partial<Record<RunName, Comparison>> = { gated: failingComparison(), hostile: hostileComparison(hostileText) };

/** A page with what it complained about and asked a server for. */
interface Opened {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

describe.skipIf(!existsSync(chromiumPath))(`report.html in Chromium (needs ${chromiumPath})`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'proofload-report-'));
    for (const [name, run] of Object.entries(runs)) writeFileSync(join(folder, `${name}.html`), renderHtml(run(), comparisons[name as RunName]));
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  async function open(name: RunName, options: { width?: number; dark?: boolean; javaScript?: boolean } = {}): Promise<Opened> {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      javaScriptEnabled: options.javaScript ?? true,
    });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    return { page, complaints, requests };
  }

  it.each(Object.keys(runs) as RunName[])('opens without complaint, asks for nothing and fits wide and narrow screens: %s', async (name) => {
    for (const width of [1280, 420]) {
      const { page, complaints, requests } = await open(name, { width });
      expect(complaints).toEqual([]);
      expect(requests).toEqual([page.url()]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await page.close();
    }
  });

  it('says the verdict, its reasons and scope first', async () => {
    const { page } = await open('fail');
    const banner = page.locator('main > section').first();
    expect(await banner.locator('h1').textContent()).toMatch(/Fail\s+checkout\/lambda-throttle/);
    const text = await banner.textContent();
    expect(text).toContain('14.9 % measured, < 5 % asked for');
    expect(text).toContain('account 123456789012, region eu-central-1');
    expect(await page.title()).toBe('Fail: checkout/lambda-throttle');
    await page.close();
  });

  /** How many pixels of a chart have the colour of a style token. */
  const paintedWith = (page: Page, chart: string, token: string): Promise<number> =>
    page.evaluate(`(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = 'var(--${token})';
      const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
      probe.remove();
      const canvas = document.querySelector('.plot[data-chart="${chart}"] canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) count++;
      return count;
    })()`);

  it('paints the curves of every chart, in the colours of either theme', async () => {
    const { page } = await open('pass');
    for (const theme of ['light', 'dark']) {
      for (const chart of ['rate', 'latency', 'errors', 'throttles', 'concurrency']) {
        expect(await paintedWith(page, chart, 'series-0'), `${chart}, ${theme}`).toBeGreaterThan(100);
      }
      await page.locator('#theme').click();
    }
    await page.close();
  });

  it('paints how many requests took how long, from few to many, in either theme, and says it in words', async () => {
    const { page } = await open('pass');
    for (const theme of ['light', 'dark']) {
      for (const token of ['heat-0', 'heat-5', 'band-effect-text']) {
        expect(await paintedWith(page, 'heat', token), `${token}, ${theme}`).toBeGreaterThan(100);
      }
      await page.locator('#theme').click();
    }
    const plot = page.locator('.plot[data-chart="heat"]');
    await plot.focus();
    await page.keyboard.press('Home');
    for (let press = 0; press < 20; press++) await page.keyboard.press('Shift+ArrowRight');
    const spoken = await plot.getAttribute('aria-valuetext');
    expect(spoken).toBe('09:03:20: 123 requests in these 2 s; most (30) took 25.1 to 31.6 ms, the slowest 1,995 to 2,512 ms');
    expect(`09:03:20: ${await page.locator('#heat-moment').textContent()}`).toBe(spoken);
    await page.close();
  });

  it('draws the changes since the reference over one axis, and opens a grade from the keyboard, or on paper', async () => {
    const { page } = await open('gated');
    const left = (selector: string): Promise<number[]> =>
      page.locator(`.intervals ${selector}`).evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().left)));
    const [zero, points] = [await left('.zero'), await left('.point')];
    expect(new Set(zero).size).toBe(1);
    expect(points.map((at) => Math.sign(at + 6 - zero[0]!))).toEqual([1, 1, -1]);
    const grade = page.locator('.grade').first();
    await grade.locator('summary').press('Enter');
    expect(await grade.locator('li').first().textContent()).toBe(
      "✓ Latency p99 (Baseline): 87.1 ms, met; asked for: <=+10% (to 90.2 ms); from the clients' samples, by 1 s, 4,816 samples",
    );
    const shown = (): Promise<number> => page.locator('.grade .grade-rule').evaluateAll((all) => all.filter((each) => each.checkVisibility()).length);
    expect(await shown()).toBe(1);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await shown()).toBe(5);
    expect(await page.locator('#comparison .scroll').evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length)).toBe(
      0,
    );
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    expect(await page.locator('.grade[open]').count()).toBe(1);
    await page.close();
  });

  it('shows one moment in all charts, by pointer and by keyboard', async () => {
    const { page, complaints } = await open('pass');
    const over = page.locator('.plot[data-chart="latency"] .u-over');
    await over.scrollIntoViewIfNeeded();
    const box = await over.boundingBox();
    await page.mouse.move(box!.x + (box!.width * 256) / 420, box!.y + 50);
    await page.waitForFunction(`document.getElementById('readout').textContent.startsWith('09:04:1')`);
    expect(await page.locator('.legend[data-chart="throttles"]').textContent()).toMatch(/PlaceOrderFunction\s*2,588/);

    await page.mouse.move(0, 0);
    const plot = page.locator('.plot[data-chart="latency"]');
    await plot.focus();
    await page.keyboard.press('Home');
    for (let press = 0; press < 25; press++) await page.keyboard.press('Shift+ArrowRight');
    for (let press = 0; press < 6; press++) await page.keyboard.press('ArrowRight');
    expect(await plot.getAttribute('aria-valuetext')).toBe('09:04:16: p50 no data, p95 no data, p99 no data');
    expect(await page.locator('#readout').textContent()).toBe('09:04:16 UTC, 1 min 16 s into Fault, lambda-throttle in effect');
    await page.keyboard.press('Escape');
    expect(await page.locator('#readout').textContent()).toBe('No moment chosen');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('zooms all charts and the lanes together, and back', async () => {
    const { page } = await open('pass');
    const over = page.locator('.plot[data-chart="rate"] .u-over');
    await over.scrollIntoViewIfNeeded();
    const box = await over.boundingBox();
    const effectLeft = (): Promise<number> => page.evaluate(`parseFloat(document.querySelector('.bar-effect').style.left)`);
    const before = await effectLeft();
    await page.mouse.move(box!.x + box!.width * 0.4, box!.y + 50);
    await page.mouse.down();
    await page.mouse.move(box!.x + box!.width * 0.8, box!.y + 50, { steps: 4 });
    await page.mouse.up();
    await page.locator('#unzoom').waitFor({ state: 'visible' });
    expect(await effectLeft()).toBeLessThan(before / 2);
    await page.locator('#unzoom').press('Enter');
    expect(await effectLeft()).toBeCloseTo(before, 1);
    expect(await page.locator('#unzoom').isVisible()).toBe(false);
    await page.close();
  });

  it('hides a series and changes the scale from the keyboard', async () => {
    const { page } = await open('pass');
    const first = page.locator('.legend[data-chart="latency"] button').first();
    await first.press('Space');
    expect(await first.getAttribute('aria-pressed')).toBe('false');
    expect(await paintedWith(page, 'latency', 'series-0')).toBe(0);
    await page.locator('button.log').press('Enter');
    expect(await page.locator('button.log').getAttribute('aria-pressed')).toBe('true');
    expect(await paintedWith(page, 'latency', 'series-0')).toBe(0);
    expect(await paintedWith(page, 'latency', 'series-1')).toBeGreaterThan(100);
    await page.close();
  });

  it("follows the reader's system, until the switch is used, by keyboard too", async () => {
    const { page } = await open('pass', { dark: true });
    const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    const button = page.locator('#theme');
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await button.press('Enter');
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    const light = await background();
    expect(light).not.toBe(dark);
    await button.press('Space');
    expect(await background()).toBe(dark);
    await page.close();
  });

  it('keeps hostile text as text', async () => {
    const { page } = await open('hostile');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main img, main script, main [onerror]').count()).toBe(0);
    expect(await page.locator('h1').textContent()).toContain('<script>window.hacked=1</script>');
    expect(await page.locator('body > script').count()).toBe(2);
    expect(await page.content()).not.toContain('\u202e');
    await page.close();
  });

  it('says why there are no charts', async () => {
    const { page } = await open('no-data');
    expect(await page.locator('canvas').count()).toBe(0);
    expect(await page.locator('.chart .empty').first().textContent()).toBe('No data: no series was collected.');
    await page.close();
  });

  it('has headings, captions and scopes for those who listen, and tables without JavaScript', async () => {
    const { page } = await open('pass', { javaScript: false });
    const ids = [...renderHtml(passingRun()).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
    expect(await page.locator('th:not([scope])').count()).toBe(0);
    expect(await page.locator('figure.chart:not(:has(figcaption)), figure.chart:not(:has(details table))').count()).toBe(0);
    await page.locator('#course summary').nth(1).click();
    expect(await page.locator('#course details[open] tbody tr').count()).toBe(7);
    await page.close();
  });

  it('prints on white in the width of the paper, also from the dark theme', async () => {
    const { page } = await open('pass', { dark: true });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('.top').isVisible()).toBe(false);
    expect(await page.evaluate(`getComputedStyle(document.documentElement).colorScheme`)).toBe('light');
    expect(await page.evaluate(`document.querySelector('canvas').clientWidth`)).toBeLessThan(700);
    expect(await paintedWith(page, 'rate', 'series-0')).toBeGreaterThan(100);
    expect(
      await page.locator('main > section > .scroll').evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length),
    ).toBe(0);
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    await page.emulateMedia({ media: 'screen' });
    await page.waitForFunction(`document.querySelector('canvas').clientWidth > 900`);
    await page.close();
  });
});
