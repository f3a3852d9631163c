// SPDX-License-Identifier: Apache-2.0
// node pages.mjs URL REVISED WITHDRAWN [WORD…]: the checks of every type of page. Prints what is wrong and last `N passed, N failed`.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';
import {HtmlValidate} from 'html-validate';

const [base, revised, withdrawn, ...words] = process.argv.slice(2);
const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HAN = /\p{Script=Han}/u;
const THEMES = {default: '', large: 'l', high: 'h', both: 'lh'};
const WORKERS = 2;

let passed = 0, failed = 0;
function check(name, problems) {
  if (problems.length === 0) {
    passed++;
    return;
  }
  failed++;
  console.log(`FAILED ${name}`);
  for (const p of problems.slice(0, 8))
    console.log(`  ${p}`);
  if (problems.length > 8)
    console.log(`  … and ${problems.length - 8} more`);
}

async function json(path) {
  const r = await fetch(base + path, {headers: {accept: 'application/json'}});
  if (!r.ok)
    throw new Error(`${path}: ${r.status}`);
  return r.json();
}

// ---- which pages ----

async function firstNotice(filter) {
  const page = await json(`/n.json?${filter}`);
  if (!page.notices?.length)
    throw new Error(`no notice with ${filter}: the demo home lacks what this test opens`);
  return `/n/${page.notices[0].id}`;
}

const pathOf = (link) => link.href.replace(/^\/en/, '');

// Name → path. Each path is opened in Chinese and below /en.
async function pages() {
  const candidates = await firstNotice('item=works.candidates');
  const notice = await json(`${candidates}.json`);
  const place = (await json('/r/360800.json')).children[0].link;
  return {
    home: '/',
    sector: '/s/works',
    'sector, land': '/s/land',
    list: '/n',
    'list, filtered': '/n?sector=works&from=2025-09-01&to=2025-12-31',
    'list, empty': '/n?sector=emission',
    'list, refused': '/n?from=x&before=y',
    'notice, candidates': candidates,
    'notice, opening': await firstNotice('item=works.opening-record'),
    'notice, result': await firstNotice('item=works.result'),
    'notice, tender': await firstNotice('item=works.tender-notice'),
    'notice, land': await firstNotice('sector=land'),
    'notice, mining': await firstNotice('sector=mining'),
    'notice, revised': `/n/${revised}`,
    'notice, older revision': `/n/${revised}@1`,
    'notice, withdrawn': `/n/${withdrawn}`,
    project: pathOf(notice.project.link),
    agency: pathOf(notice.agency),
    place: '/r/360800',
    'place, county': pathOf(place),
    catalogue: '/catalogue',
    'catalogue, sector': '/catalogue?sector=works',
    'place, no notices': '/r/360821',
    item: '/i/works.candidates',
    'item, never published': '/i/emission.result',
    calendar: '/calendar',
    'calendar, result': '/calendar?from=2025-01-24&days=20&unit=workday',
    'calendar, refused': '/calendar?from=x&days=y',
    search: '/search',
    'search, hits': '/search?q=%E5%85%AC%E5%9B%AD',
    'search, refused': '/search?q=%E5%85%AC%E5%9B%AD&to=x',
    'search, none': '/search?q=%E6%97%A0%E6%AD%A4%E4%BA%8B%E7%89%A9',
    verify: '/verify',
    'verify, match': `/verify?q=${candidates.slice(3)}`,
    'verify, unknown': '/verify?q=360800-works-1999-000001',
    about: '/about',
    accessibility: '/accessibility',
    sitemap: '/sitemap',
    'error 404': '/no-such-page',
    'error 400': '/n?no-such-parameter=1',
  };
}

// ---- checks of one page ----

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  // Titles are those of the notices; whitespace is free; class nb keeps a telephone number on one line.
  rules: {'long-title': 'off', 'no-trailing-whitespace': 'off', 'tel-non-breaking': ['error', {ignoreClasses: ['nb']}]},
});

async function valid(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
}

// Chinese text that stands on an English page without saying that it is Chinese.
const untranslated = () => {
  const han = /\p{Script=Han}/u, found = [];
  const isMarked = (e) => /^zh/.test(e.closest('[lang]')?.lang ?? '');
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode())
    if (han.test(n.data) && !isMarked(n.parentElement) && !['STYLE', 'SCRIPT', 'TITLE'].includes(n.parentElement.tagName))
      found.push(`${n.parentElement.tagName.toLowerCase()}: ${n.data.trim().slice(0, 60)}`);
  for (const e of document.querySelectorAll('[alt],[aria-label],[placeholder],[title],[data-l]'))
    for (const name of ['alt', 'aria-label', 'placeholder', 'title', 'data-l'])
      if (han.test(e.getAttribute(name) ?? '') && !isMarked(e))
        found.push(`${e.tagName.toLowerCase()} ${name}: ${e.getAttribute(name).slice(0, 60)}`);
  return found;
};

const wider = () => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth)
    return [];
  const all = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5);
  return [`${root.scrollWidth} px wide in ${root.clientWidth}: ${all.slice(0, 3).map((e) => `${e.tagName.toLowerCase()}.${e.className}`).join(' ')}`];
};

async function axe(page) {
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
  }));
  return result.violations.flatMap((v) => v.nodes.map((n) => `axe ${v.id}: ${n.target.join(' ')} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? v.help}`));
}

// A page whose noise is kept: console, failed and foreign requests, violated policies.
async function openTab(context) {
  const page = await context.newPage(), noise = [];
  page.on('console', (m) => m.type() === 'error' && !/status of 4\d\d/.test(m.text()) && noise.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => noise.push(`script: ${e.message}`));
  page.on('request', (r) => new URL(r.url()).origin === base || r.url().startsWith('data:') || noise.push(`asks another host: ${r.url()}`));
  page.on('response', (r) => r.status() >= 400 && r.request().resourceType() !== 'document' && noise.push(`${r.status()}: ${r.url()}`));
  return {page, noise};
}

async function look(context, theme) {
  await context.clearCookies();
  if (theme)
    await context.addCookies([{name: 'look', value: theme, url: base}]);
}

async function inspect(browser, name, path) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}});
  await context.addInitScript(axeSource); // handed over once, not with every page
  const {page, noise} = await openTab(context);
  for (const language of ['', '/en']) {
    const at = language + (language && path === '/' ? '' : path);
    const label = `${name}${language ? ' (English)' : ''} ${at}`;
    for (const [theme, letters] of Object.entries(THEMES)) {
      await look(context, letters);
      await page.setViewportSize({width: 1280, height: 900});
      const response = await page.goto(base + at);
      if (theme === 'default') {
        const wanted = name.startsWith('error') ? Number(name.slice(6)) : name.endsWith('refused') ? 400 : 200;
        check(`${label}: status`, response.status() === wanted ? [] : [`${response.status()}, not ${wanted}`]);
        check(`${label}: html-validate`, await valid(await response.text()));
        if (language)
          check(`${label}: words`, await page.evaluate(untranslated));
        else
          check(`${label}: has Chinese`, HAN.test(await page.innerText('body')) ? [] : ['no Chinese on the Chinese page']);
      }
      if (theme !== 'both')
        check(`${label}: axe, ${theme}`, await axe(page));
      await page.setViewportSize({width: 320, height: 640});
      check(`${label}: 320 px, ${theme}`, await page.evaluate(wider));
    }
    check(`${label}: no noise`, noise.splice(0));
  }
  await context.close();
}

// ---- the walk of a reader whose browser runs no script ----

async function walk(browser, language) {
  const context = await browser.newContext({javaScriptEnabled: false, viewport: {width: 1280, height: 900}});
  const {page, noise} = await openTab(context);
  const steps = [];
  const be = (pattern) => {
    const path = decodeURI(page.url().slice(base.length));
    steps.push(path);
    if (!pattern.test(path))
      throw new Error(`at ${path}, which is not ${pattern}`);
  };
  const follow = async (selector) => {
    await page.locator(selector).first().click();
    await page.waitForLoadState();
  };
  const prefix = language ? '/en' : '';
  try {
    await page.goto(`${base}${prefix || '/'}`);
    be(/^(\/|\/en\/?)$/);
    await follow(`main a[href="${prefix}/s/works"]`);
    be(/\/s\/works$/);
    await follow(`main a[href^="${prefix}/n?"][href*="works.candidates"]`);
    be(/\/n\?.*works\.candidates/);
    await follow(`main table a[href^="${prefix}/n/"]`);
    be(/\/n\/[0-9]{6}-works-[0-9]{4}-[0-9]{6}$/);
    const id = page.url().match(/\/n\/(.+)$/)[1];
    await follow(`main a[href^="${prefix}/p/"]`);
    be(/\/p\//);
    await follow(`main a[href^="${prefix}/n/"]`);
    be(/\/n\//);
    await follow(`main a[href^="${prefix}/i/"]`);
    be(/\/i\/works\./);
    await page.fill('input[name=q]', '公园');
    await follow('form[role=search] button');
    be(/\/search\?q=/);
    await follow(`main a[href^="${prefix}/n/"]`);
    be(/\/n\//);
    await page.goto(`${base}${prefix}/verify`);
    await page.fill('main input[name=q]', id);
    await follow('main form:has(input[name=q]) button');
    be(/\/verify\?q=/);
    if (!(await page.innerText('main')).includes(id))
      throw new Error('the verified notice is not named');
    await follow('button[name=size][value=l]');
    be(/\/verify/);
    const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    if (!(parseFloat(size) > 17))
      throw new Error(`large type is ${size}`);
    check(`walk without JavaScript${language ? ' (English)' : ''}`, noise);
  } catch (e) {
    check(`walk without JavaScript${language ? ' (English)' : ''}`, [`${e.message.split('\n')[0]} after ${steps.join(' → ')}`]);
  }
  await context.close();
}

// Every element that Tab reaches shows that it has the focus, and stands in view.
async function keyboard(browser, path) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}});
  const {page} = await openTab(context), problems = [];
  await page.goto(base + path);
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const said = await page.evaluate(() => {
      const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
      if (e === document.body)
        return 'end';
      const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
      const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
      return ring && seen ? '' : `${e.tagName.toLowerCase()} "${e.textContent.trim().slice(0, 30)}": ${ring ? 'out of view' : 'no ring'}`;
    });
    if (said === 'end')
      break;
    if (said)
      problems.push(said);
  }
  check(`keyboard ${path}`, problems);
  await context.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--disable-gpu', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
});
try {
  const todo = Object.entries(await pages()).filter(([name]) => words.length === 0 || words.some((w) => name.includes(w)));
  await Promise.all(Array.from({length: WORKERS}, async () => {
    for (let next = todo.shift(); next; next = todo.shift())
      await inspect(browser, ...next);
  }));
  if (words.length === 0) {
    await walk(browser, false);
    await walk(browser, true);
    await keyboard(browser, '/');
    await keyboard(browser, '/search?q=%E5%85%AC%E5%9B%AD');
  }
} catch (e) {
  check('the run', [e.stack]);
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
